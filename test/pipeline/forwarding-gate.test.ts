import { expect } from 'chai';
import type { Reader, RecordBatch } from '../../src/core/log.ts';
import { CanaryMark } from '../../src/pipeline/canary-mark.ts';
import { ForwardingGate, gatedReader } from '../../src/pipeline/forwarding-gate.ts';

const batch = (segment: number): RecordBatch => ({ records: [], end: { segment, offset: 0 } });

describe('pipeline/forwarding-gate', () => {
  it('lets everything pass until it closes, then nothing, and stays closed', async () => {
    const gate = new ForwardingGate();
    const stop = new AbortController();
    expect([await gate.passes(stop.signal), gate.problem]).to.deep.equal([true, undefined]);
    gate.close('first');
    gate.close('second');
    let passed: boolean | undefined;
    const waiting = gate.passes(stop.signal).then((result) => {
      passed = result;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([passed, gate.problem]).to.deep.equal([undefined, 'first']);
    stop.abort();
    await waiting;
    expect([passed, await gate.passes(stop.signal)]).to.deep.equal([false, false]);
    expect(gate.fault().code).to.equal('E_MASKING_LEAK');
  });

  it('closes when a canary is seen in bytes or records that are about to leave, and says so once', async () => {
    const mark = new CanaryMark((bytes) => new Uint8Array(bytes));
    const gate = new ForwardingGate(mark);
    const told: string[] = [];
    gate.marked = (exit) => void told.push(exit);
    gate.check(Buffer.from('harmless'), 'the events log');
    expect(gate.problem).to.equal(undefined);
    const payload = Buffer.from(`{"password":"${mark.text}"}`) as unknown as RecordBatch['records'][number]['payload'];
    const records = [{ payload }] as unknown as RecordBatch['records'];
    const reader: Reader = {
      async *read() {
        yield { ...batch(1), records };
      },
      commit: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    for await (const _ of gatedReader(reader, gate, stop.signal).read(new AbortController().signal)) throw new Error('passed');
    expect(() => gate.check(payload, 'the events log')).to.throw('nothing is forwarded: a secret of the self-test');
    expect(told).to.deep.equal(['records that were read from a log']);
  });

  it('holds back what a reader has read when it closes, until the stop', async () => {
    const gate = new ForwardingGate();
    const stop = new AbortController();
    const reader: Reader = {
      async *read() {
        yield batch(1);
        gate.close('leak');
        yield batch(2);
      },
      commit: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const seen: number[] = [];
    setTimeout(() => stop.abort(), 20);
    for await (const { end } of gatedReader(reader, gate, stop.signal).read(new AbortController().signal)) seen.push(end.segment);
    expect(seen).to.deep.equal([1]);
    expect(stop.signal.aborted).to.equal(true);
  });
});
