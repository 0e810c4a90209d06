import { expect } from 'chai';
import fc from 'fast-check';
import { ByteCache } from '../../../src/scan/reference/byte-cache.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

function put<T>(cache: ByteCache<T>, text: string, tag: number, value: T): void {
  const bytes = bytesOf(text);
  cache.set(cache.hash(bytes, 0, bytes.length, tag), bytes, 0, bytes.length, tag, value);
}

function take<T>(cache: ByteCache<T>, text: string, tag: number): T | undefined {
  const bytes = bytesOf(text);
  return cache.get(cache.hash(bytes, 0, bytes.length, tag), bytes, 0, bytes.length, tag);
}

describe('scan/reference/byte-cache', () => {
  it('remembers what is used and forgets what is not, in bounded memory', () => {
    const cache = new ByteCache<number>(4, 1024, 1);
    put(cache, 'used', 0, 1);
    put(cache, 'unused', 0, 2);
    for (let i = 0; i < 20; i++) {
      expect(take(cache, 'used', 0)).to.equal(1);
      put(cache, `one of many ${i}`, 0, i);
    }
    expect(take(cache, 'unused', 0)).to.equal(undefined);
    expect(take(cache, 'one of many 0', 0)).to.equal(undefined);
  });

  it('never gives the result of another value or tag, whatever has the same hash', () => {
    const value = fc.tuple(fc.string({ maxLength: 8 }), fc.nat(3));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const cache = new ByteCache<string>(64, 512, 5);
        for (const [text, tag] of values) {
          const bytes = bytesOf(text);
          // Every value under one of four hashes.
          const hash = bytes.length & 3;
          const known = cache.get(hash, bytes, 0, bytes.length, tag);
          if (known !== undefined) expect(known).to.equal(`${tag} ${text}`);
          else cache.set(hash, bytes, 0, bytes.length, tag, `${tag} ${text}`);
        }
      }),
    );
  });

  it('knows a value that it has met before', () => {
    const cache = new ByteCache<number>(4, 1024, 9);
    const bytes = bytesOf('a value');
    const hash = cache.hash(bytes, 0, bytes.length, 0);
    expect(cache.isMetAgain(hash)).to.equal(false);
    expect(cache.isMetAgain(hash)).to.equal(true);
  });

  it('keeps no more bytes than it has room for', () => {
    const cache = new ByteCache<number>(1000, 64, 3);
    for (let i = 0; i < 100; i++) put(cache, `value number ${i}`, 0, i);
    const known = Array.from({ length: 100 }, (_, i) => take(cache, `value number ${i}`, 0)).filter((one) => one !== undefined);
    expect(known.length).to.be.within(1, 10);
  });
});
