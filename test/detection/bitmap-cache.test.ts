import { expect } from 'chai';
import fc from 'fast-check';
import { BitmapCache, hashBytes } from '../../src/detection/bitmap-cache.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A bitmap that tells which value it belongs to. */
const stamp = (bytes: Uint8Array, start: number, end: number, type: number): number => hashBytes(bytes, start, end, 7 + type);

function stampCache(): { readonly cache: BitmapCache; readonly fills: () => number } {
  let fills = 0;
  const cache = new BitmapCache(2, 42, (bits, at, bytes, start, end, type) => {
    fills++;
    bits[at] = stamp(bytes, start, end, type);
    bits[at + 1] = ~stamp(bytes, start, end, type);
  });
  return { cache, fills: () => fills };
}

function look(cache: BitmapCache, text: string, type = 0): number | undefined {
  const bytes = encode(text);
  const at = cache.lookup(bytes, 0, bytes.length, type);
  if (at < 0) return undefined;
  expect(cache.found[at], text).to.equal(stamp(bytes, 0, bytes.length, type) >>> 0);
  expect(cache.found[at + 1], text).to.equal(~stamp(bytes, 0, bytes.length, type) >>> 0);
  return at;
}

describe('detection/bitmap-cache', () => {
  it('never gives a value the bits of another one, over many turns of its generations', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6000), fc.nat(3)), { minLength: 100, maxLength: 400 }), (wanted) => {
        const { cache } = stampCache();
        for (const [number, type] of wanted) for (let i = 0; i < 20; i++) look(cache, `value-${number + i}`, type);
      }),
      { numRuns: 30 },
    );
  });

  it('fills each of few values once', () => {
    const { cache, fills } = stampCache();
    for (let i = 0; i < 10_000; i++) look(cache, `value-${i % 900}`);
    expect(fills()).to.equal(900);
  });

  it('keeps a value that is used while others pass by', () => {
    const { cache, fills } = stampCache();
    for (let i = 0; i < 5000; i++) {
      look(cache, 'steady');
      look(cache, 'steady');
      look(cache, `passing-${i}`);
    }
    expect(fills()).to.equal(5001);
  });

  it('stops looking where nothing repeats, and starts again later', () => {
    const { cache, fills } = stampCache();
    for (let i = 0; i < 100_000; i++) look(cache, `unique-${i}`);
    expect(fills()).to.be.below(10_000);
    for (let i = 0; i < 20_000; i++) look(cache, 'again');
    expect(look(cache, 'again')).not.to.equal(undefined);
  });

  it('does not take values that are too long', () => {
    const { cache } = stampCache();
    expect(look(cache, 'x'.repeat(513))).to.equal(undefined);
  });
});
