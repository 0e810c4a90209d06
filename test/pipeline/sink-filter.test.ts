import { expect } from 'chai';
import { recordTypes } from '../../src/core/record.ts';
import { concerns } from '../../src/pipeline/sink-filter.ts';
import { maskedRecord } from '../support/masked-record.ts';

describe('pipeline/sink-filter', () => {
  const finding = (severity: string) => maskedRecord({ rule: { severity } }, { type: recordTypes.finding });

  it('leaves out findings below the severity, notes, and what is not of its content', () => {
    const filter = { content: 'findings', minSeverity: 'high' } as const;
    const given = [
      finding('low'),
      finding('high'),
      finding('critical'),
      maskedRecord({}, { type: recordTypes.note }),
      maskedRecord({}),
    ];
    expect(given.map((record) => concerns(filter, record))).to.deep.equal([false, true, true, false, false]);
    expect(given.map((record) => concerns({ ...filter, content: 'events' }, record))).to.deep.equal([
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('gives checkpoints of the logs to those that are to have them, whatever their severity, and to no other', () => {
    const checkpoint = maskedRecord(
      { rule: { id: 'auditveil.checkpoint', severity: 'informational' } },
      { type: recordTypes.finding },
    );
    const filter = { content: 'findings', minSeverity: 'high' } as const;
    expect(concerns({ ...filter, checkpoints: true }, checkpoint)).to.equal(true);
    expect(concerns({ ...filter, minSeverity: 'informational' }, checkpoint)).to.equal(false);
  });
});
