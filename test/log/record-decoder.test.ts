import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { recordTypes, stateKeyFlags } from '../../src/core/record.ts';
import { recordHeaderBytes, sealRecord, writeRecordHead } from '../../src/core/record-head.ts';
import { checkRecord, decodeRecord, notARecord, notYet } from '../../src/log/record-decoder.ts';
import { makeTile } from '../support/log-fixture.ts';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const nobody = { context: () => undefined, plan: () => undefined };

describe('log/record-decoder', () => {
  const { bytes } = makeTile([{ id: 1, matches: [1], masks: [[0, 1, 2]], filling: 20 }]);

  it('takes every prefix of a record for one that is not there yet', () => {
    for (let end = 0; end < bytes.length; end++) {
      // The size is believed only once the head is whole.
      expect(checkRecord(bytes, viewOf(bytes), 0, end)).to.equal(notYet);
    }
    expect(checkRecord(bytes, viewOf(bytes), 0, bytes.length)).to.equal(bytes.length);
  });

  it('accepts no record with any bit changed', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(checkRecord(changed, viewOf(changed), 0, changed.length)).to.be.lessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('accepts no random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 80, maxLength: 400 }), (random) => {
        expect(checkRecord(random, viewOf(random), 0, random.length)).to.equal(notARecord);
      }),
    );
  });

  it('shows numbers for rules, kinds and actions of a plan it does not know', () => {
    const record = decodeRecord(bytes, viewOf(bytes), 0, nobody);
    expect(record.matches).to.deep.equal(['#1']);
    expect(record.masks).to.deep.equal([{ kind: '#0', action: '#1', count: 2 }]);
    expect(record.context).to.equal(undefined);
  });

  it('reads state keys with no value, a keyed value and a number', () => {
    const size = recordHeaderBytes(0, 0, 3) + 2;
    const raw = new Uint8Array(size);
    const view = viewOf(raw);
    const head = {
      type: recordTypes.event,
      flags: 0,
      digest: new Uint8Array(16),
      digestAt: 0,
      context: undefined,
      receivedAtUs: 1,
      eventTimeUs: 2,
      eventTimeFrom: 3,
      offset: 0,
      item: 0,
      covers: 0,
      matchCount: 0,
      maskCount: 0,
      stateKeyCount: 3,
      stubReason: 0,
    };
    const at = writeRecordHead(view, 0, head) - 3 * 36;
    raw.fill(0xab, at, at + 108);
    for (const [i, flags] of [0, stateKeyFlags.value, stateKeyFlags.value | stateKeyFlags.number].entries()) {
      view.setUint16(at + i * 36, i, true);
      view.setUint16(at + i * 36 + 2, flags, true);
    }
    view.setFloat64(at + 72 + 20, 42.5, true);
    raw.set([0x7b, 0x7d], size - 2);
    sealRecord(raw, view, 0, size, crc32);
    expect(checkRecord(raw, view, 0, size)).to.equal(size);
    const group = 'ab'.repeat(16);
    const record = decodeRecord(raw, view, 0, nobody);
    expect(record.stateKeys).to.deep.equal([
      { correlation: 0, group },
      { correlation: 1, group, value: group },
      { correlation: 2, group, value: 42.5 },
    ]);
    expect(Buffer.from(record.payload).toString()).to.equal('{}');
    expect(record).to.include({ receivedAtUs: 1, eventTimeUs: 2, eventTimeFrom: 'received' });
  });
});
