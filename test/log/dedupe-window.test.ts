import { expect } from 'chai';
import fc from 'fast-check';
import { DedupeWindow } from '../../src/log/dedupe-window.ts';

/** Digests that collide in the index as well as ones that do not. */
const add = (window: DedupeWindow, id: number): boolean => window.add((id % 3) + 1, id, 0, 7);
/** Each four have one place in the index. */
const addSpread = (window: DedupeWindow, id: number): boolean => window.add(Math.imul(id >>> 2, 0x9e3779b1) >>> 0, id, 1, 1);

describe('log/dedupe-window', () => {
  it('knows a digest again until the window has passed', () => {
    const window = new DedupeWindow({ maxRecords: 100, windowMs: 10_000 });
    window.advance(0);
    expect(add(window, 1)).to.equal(true);
    window.advance(9_000);
    expect(add(window, 1)).to.equal(false);
    window.advance(11_500);
    expect(add(window, 1)).to.equal(true);
    expect(window.size).to.equal(1);
  });

  it('tells digests apart that differ in one word only', () => {
    const window = new DedupeWindow({ maxRecords: 100, windowMs: 10_000 });
    const words = [0, 1, 2, 3].map((i) => [9, 9, 9, 9].with(i, 8)) as [number, number, number, number][];
    for (const word of words) expect(window.add(...word)).to.equal(true);
    for (const word of words) expect(window.add(...word)).to.equal(false);
  });

  it('never takes a digest of zeros for a repeat', () => {
    const window = new DedupeWindow({ maxRecords: 100, windowMs: 10_000 });
    expect([window.add(0, 0, 0, 0), window.add(0, 0, 0, 0)]).to.deep.equal([true, true]);
  });

  it('agrees with a plain list over any adding, growing, forgetting and rolling back', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ add: fc.array(fc.nat(60), { maxLength: 12, size: 'max' }), fails: fc.boolean() }) },
      { weight: 2, arbitrary: fc.record({ waitMs: fc.constantFrom(1000, 3000, 20_000) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 40 }), (steps, maxRecords) => {
        const window = new DedupeWindow({ maxRecords, windowMs: 10_000 });
        let list: { id: number; atMs: number }[] = [];
        let nowMs = 0;
        for (const current of steps) {
          if ('waitMs' in current) {
            nowMs += current.waitMs;
            continue;
          }
          window.advance(nowMs);
          // Entries leave when the second they came in is older than the window, in order of arrival.
          list = list.filter(({ atMs }) => atMs + 11_000 > nowMs);
          const mark = window.mark();
          const before = list.length;
          let evicted = 0;
          for (const id of current.add) {
            const isNew = !list.some((entry) => entry.id === id);
            expect(add(window, id)).to.equal(isNew);
            if (!isNew) continue;
            list.push({ id, atMs: nowMs });
            if (list.length > maxRecords) {
              list.shift();
              evicted++;
            }
          }
          if (current.fails) {
            window.rollback(mark);
            list = list.slice(0, Math.max(0, before - evicted));
          }
          expect(window.size).to.equal(list.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with a plain list where entries fill many pieces, in any order of adding, forgetting and rolling back', () => {
    const step = fc.record({
      count: fc.integer({ min: 0, max: 3_000 }),
      /** One in so many is a repeat of one that came a while ago. */
      repeats: fc.integer({ min: 2, max: 50 }),
      waitMs: fc.constantFrom(0, 0, 1000, 4000, 20_000),
      fails: fc.boolean(),
    });
    const bounds = fc.constantFrom(5_000, 12_288, 1_000_000);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), bounds, (steps, maxRecords) => {
        const window = new DedupeWindow({ maxRecords, windowMs: 10_000 });
        const seen = new Map<number, number>();
        let [nowMs, newest] = [0, 0];
        for (const { count, repeats, waitMs, fails } of steps) {
          nowMs += waitMs;
          window.advance(nowMs);
          for (const [id, atMs] of seen) if (atMs + 11_000 <= nowMs) seen.delete(id);
          const mark = window.mark();
          const added: number[] = [];
          for (let i = 0; i < count; i++) {
            const id = i % repeats === 0 ? Math.max(1, newest - i * 5) : ++newest;
            const isNew = !seen.has(id);
            if (addSpread(window, id) !== isNew) throw new Error(`${id} is ${isNew ? 'new' : 'known'}`);
            if (!isNew) continue;
            seen.set(id, nowMs);
            added.push(id);
            if (seen.size > maxRecords) seen.delete(seen.keys().next().value as number);
          }
          if (fails) {
            window.rollback(mark);
            for (const id of added) seen.delete(id);
          }
          expect(window.size).to.equal(seen.size);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('takes no more memory for its entries, however many have come and gone', () => {
    const window = new DedupeWindow({ maxRecords: 10_000, windowMs: 1e9 });
    window.advance(0);
    const grown = (from: number, to: number): number => {
      const before = process.memoryUsage().arrayBuffers;
      for (let id = from; id < to; id++) window.add(Math.imul(id, 0x9e3779b1) >>> 0, id, 1, 1);
      return process.memoryUsage().arrayBuffers - before;
    };
    // 24 bytes an entry and less than two pieces.
    expect(grown(1, 20_000)).to.be.lessThan(600_000);
    expect(grown(20_000, 400_000)).to.be.lessThan(200_000);
  });

  it('holds as many digests as it may and keeps the newest', function () {
    this.timeout(20_000);
    const window = new DedupeWindow({ maxRecords: 200_000, windowMs: 1e9 });
    window.advance(0);
    for (let id = 1; id <= 300_000; id++) window.add(Math.imul(id, 0x9e3779b1) >>> 0, id, 1, 1);
    expect(window.size).to.equal(200_000);
    expect(window.add(Math.imul(300_000, 0x9e3779b1) >>> 0, 300_000, 1, 1)).to.equal(false);
    expect(window.add(Math.imul(100_000, 0x9e3779b1) >>> 0, 100_000, 1, 1)).to.equal(true);
  });
});
