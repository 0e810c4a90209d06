import { expect } from 'chai';
import fc from 'fast-check';
import { recordTypes } from '../../../src/core/record.ts';
import { compactTime, contentOf, heldBy, objectName, prefixOf } from '../../../src/sinks/s3/object-name.ts';
import { maskedRecord } from '../../support/masked-record.ts';

const options = {
  sink: 's3',
  content: 'events',
  cluster: 'other',
  prefix: 'a/{cluster}/{content}/{sink}/{year}-{month}-{day}T{hour}/{date}',
  extension: 'parquet',
} as const;
const inCluster = (cluster: string) => {
  const record = maskedRecord({}, { receivedAtUs: Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 6 });
  return { ...record, context: { ...record.context!, cluster } };
};

describe('sinks/s3 object names', () => {
  it('fills in the words of a prefix', () => {
    expect(prefixOf(inCluster('lab'), options)).to.equal('a/lab/events/s3/2026-01-02T03/2026-01-02');
    expect(objectName(inCluster('lab'), { ...options, prefix: '' }, 'v')).to.equal(
      '20260102T030405.000006Z-s3-00112233445566778899aabbccddeeff-v.parquet',
    );
  });

  it('lets no cluster name make a folder or leave one', () => {
    fc.assert(
      fc.property(fc.string(), (cluster) => {
        const name = objectName(inCluster(cluster), options);
        return name.split('/').length === 7 && !name.split('/').some((part) => /^\.*$/.test(part)) && /^[\w./=-]+$/.test(name);
      }),
    );
  });

  it('knows the cluster of a finding, which has no context', () => {
    const finding = (cluster: string) => ({ ...maskedRecord({ cluster }, { type: recordTypes.finding }), context: undefined });
    expect(prefixOf(finding('lab'), { ...options, prefix: '{cluster}' })).to.equal('lab');
    expect(prefixOf(finding(''), { ...options, prefix: '{cluster}' })).to.equal('other');
  });

  it('sorts by time received', () => {
    const times = fc.integer({ min: 0, max: 4e15 });
    fc.assert(fc.property(times, times, (a, b) => a < b === compactTime(a) < compactTime(b)));
  });

  it('knows which of the first records an object holds', () => {
    const records = ['a', 'b', 'c'].map((digit) => maskedRecord({}, { digest: digit.repeat(32) }));
    expect(heldBy(contentOf(records.slice(0, 2)), records)).to.equal(2);
    expect(heldBy(contentOf(records), records.slice(0, 2))).to.equal(undefined);
    expect(heldBy(contentOf(records.slice(1)), records)).to.equal(undefined);
    expect(heldBy({ records: 0, digest: '' }, records)).to.equal(undefined);
    expect(heldBy({ records: Number.NaN, digest: '' }, records)).to.equal(undefined);
  });
});
