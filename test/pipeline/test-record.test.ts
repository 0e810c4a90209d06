import { expect } from 'chai';
import { recordTypes } from '../../src/core/record.ts';
import { storedTile } from '../../src/log/stored-tile.ts';
import { testRecord } from '../../src/pipeline/test-record.ts';

describe('pipeline/test-record', () => {
  it('says of itself that it is a test, and is a valid record', () => {
    for (const content of ['events', 'findings'] as const) {
      const record = testRecord({ content, id: 'test-1', cluster: 'lab', severity: 'high', nowMs: Date.UTC(2026, 4, 4) });
      expect(record.type).to.equal(content === 'events' ? recordTypes.event : recordTypes.finding);
      const text = Buffer.from(record.payload).toString();
      expect(text).to.include('"auditID":"test-1"').and.to.include('This is a test by');
      expect(storedTile(record)).to.deep.include({ count: 1, dictionaries: [] });
    }
  });
});
