import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { openLog } from '../../src/log/open-log.ts';
import { encodeEntries } from '../../src/log/record-encoder.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { contextDictionary, makeClock, planDictionary } from '../support/log-fixture.ts';

const finding: Finding = {
  id: 'f1',
  revision: 1,
  rule: { id: 'r', name: 'R', severity: 'high', author: undefined, licence: undefined, tags: [], covers: [] },
  time: '2024-01-01T00:00:00Z',
  cluster: 'test',
  event: {
    auditID: 'a',
    stage: undefined,
    user: 'ünï',
    verb: 'get',
    resource: undefined,
    namespace: undefined,
    name: undefined,
    sourceIPs: ['192.0.2.1'],
    userAgent: undefined,
    code: 200,
  },
  evidence: { verb: ['get'] },
};

describe('log/record-encoder', () => {
  it('writes findings and notes that a reader gives back, and recognises a finding that comes twice', async () => {
    const fs = new FaultFs();
    const dedupe = { maxRecords: 10, windowMs: 1000 };
    const log = await openLog({ directory: 'd', name: 'findings', clock: makeClock(), fs, reserveBytes: 0, tickMs: 0, dedupe });
    const digest = '0123456789abcdef0123456789abcdef';
    const tile = encodeEntries(
      [
        { type: 'finding', value: finding, digest, receivedAtUs: 10, eventTimeUs: 5, context: contextDictionary },
        { type: 'note', value: { note: 'gap' }, receivedAtUs: 11 },
      ],
      [planDictionary, contextDictionary],
    );
    expect(await log.append(tile)).to.include({ appended: 2, repeats: 0 });
    expect(await log.append(tile), 'a note without a digest is never a repeat').to.include({ appended: 1, repeats: 1 });
    const records = [];
    for await (const batch of (await log.reader('r')).read(new AbortController().signal, { follow: false }))
      records.push(...batch.records);
    expect(records.map((record) => record.type)).to.deep.equal([3, 4, 4]);
    expect(records[0]).to.include({ digest, receivedAtUs: 10, eventTimeUs: 5 });
    expect(records[0]?.context?.cluster).to.equal('test');
    expect(JSON.parse(Buffer.from(records[0]?.payload ?? []).toString())).to.deep.equal(JSON.parse(JSON.stringify(finding)));
    expect(JSON.parse(Buffer.from(records[1]?.payload ?? []).toString())).to.deep.equal({ note: 'gap' });
  });
});
