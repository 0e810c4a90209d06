import { expect } from 'chai';
import fc from 'fast-check';
import { delivered, errored } from '../../src/core/delivery.ts';
import { Fault } from '../../src/core/faults.ts';
import type { MaskedRecord } from '../../src/core/record.ts';
import { sendSplit } from '../../src/sinks/send-split.ts';
import { maskedRecord } from '../support/masked-record.ts';

const records = (count: number): readonly MaskedRecord[] =>
  Array.from({ length: count }, (_, n) => maskedRecord({ n }, { offset: n }));
const refused = { refused: new Fault('refused', { code: 'E_TEST' }) };
const away = new Fault('away', { code: 'E_TEST', retryable: true });
const { signal } = new AbortController();

describe('sinks/send-split', () => {
  it('rejects exactly the poison records, sends the others once and in order, in few requests', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 80 }), fc.array(fc.nat(79)), async (count, poison) => {
        const bad = new Set(poison.filter((n) => n < count));
        const sent: number[] = [];
        let requests = 0;
        const outcomes = await sendSplit(
          records(count),
          async (part) => {
            requests++;
            if (part.some(({ offset }) => bad.has(offset))) return refused;
            sent.push(...part.map(({ offset }) => offset));
            return part.map(() => delivered);
          },
          signal,
        );
        expect(outcomes.map(({ status }) => status)).to.deep.equal(
          Array.from({ length: count }, (_, n) => (bad.has(n) ? 'rejected' : 'delivered')),
        );
        expect(sent).to.deep.equal(Array.from({ length: count }, (_, n) => n).filter((n) => !bad.has(n)));
        expect(requests).to.be.at.most(1 + bad.size * 2 * Math.ceil(Math.log2(Math.max(2, count))));
      }),
    ));

  it('splits by size', async () => {
    const parts: number[] = [];
    const outcomes = await sendSplit(
      records(20),
      async (part) => {
        if (part.length > 6) return refused;
        parts.push(part.length);
        return part.map(() => delivered);
      },
      signal,
    );
    expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    expect(parts).to.deep.equal([5, 5, 5, 5]);
  });

  it('sends nothing more once something errored, and passes on how long to wait', async () => {
    let requests = 0;
    const outcomes = await sendSplit(
      records(8),
      async (part) => {
        requests++;
        if (part.length > 2) return refused;
        return part.map(({ offset }) => (offset === 3 ? errored(away, 5_000) : delivered));
      },
      signal,
    );
    expect(outcomes.map(({ status }) => status[0])).to.deep.equal(['d', 'd', 'd', 'e', 'e', 'e', 'e', 'e']);
    expect(outcomes.at(-1)).to.deep.equal({ status: 'errored', fault: away, retryAfterMs: 5_000 });
    expect(requests).to.equal(4);
  });

  it('leaves the rest for later when it is aborted', async () => {
    const abort = new AbortController();
    const outcomes = await sendSplit(
      records(4),
      async (part) => {
        if (part.length > 2) return refused;
        abort.abort();
        return part.map(() => delivered);
      },
      abort.signal,
    );
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['delivered', 'delivered', 'errored', 'errored']);
  });
});
