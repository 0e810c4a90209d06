import { expect } from 'chai';
import type { MaskedBytes, MaskedRecord } from '../../src/core/record.ts';
import { recordKey } from '../../src/kafka/record-key.ts';

const record = (payload: string): MaskedRecord =>
  ({
    context: { cluster: 'eu' },
    payload: Buffer.from(payload) as Uint8Array as MaskedBytes,
    digest: 'd0',
  }) as unknown as MaskedRecord;

describe('recordKey', () => {
  it('is the cluster and the audit ID, the same for every stage', () => {
    expect(recordKey(record('{"kind":"Event","auditID":"a-1","stage":"RequestReceived"}'))).to.equal('eu/a-1');
    expect(recordKey(record('{"auditID":"a-1","stage":"ResponseComplete"}'))).to.equal('eu/a-1');
  });

  it('is the digest where there is no ID, or it does not end in the beginning of the event', () => {
    expect(recordKey(record('{"stub":true}'))).to.equal('eu/d0');
    expect(recordKey(record('{"auditID":"","x":1}'))).to.equal('eu/d0');
    expect(recordKey(record(`{"auditID":"${'x'.repeat(600)}"}`))).to.equal('eu/d0');
  });
});
