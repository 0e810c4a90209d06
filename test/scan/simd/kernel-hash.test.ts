import { expect } from 'chai';
import fc from 'fast-check';
import { SipHash } from '../../../src/crypto/siphash.ts';
import { Kernel } from '../../../src/scan/simd/kernel.ts';
import { KernelHash } from '../../../src/scan/simd/kernel-hash.ts';
import { kernelModule } from '../../support/inspect-lines.ts';

describe('scan/simd/kernel-hash', () => {
  const kernel = new Kernel(kernelModule());

  it('hashes like the TypeScript function', () => {
    const key = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
    const [fast, plain] = [new KernelHash(kernel, key), new SipHash(key)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 364 }), fc.nat(300), (text, cut) => {
        const [one, other] = [new Uint8Array(16), new Uint8Array(16)];
        const start = Math.min(cut, text.length);
        kernel.unload();
        fast.digestInto(text, start, text.length, one, 0);
        plain.digestInto(text, start, text.length, other, 0);
        expect(one).to.deep.equal(other);
      }),
    );
  });

  it('hashes short texts beside the one that is loaded', () => {
    const key = Uint8Array.from({ length: 16 }, (_, i) => i * 5);
    const [fast, aside, plain] = [new KernelHash(kernel, key), new KernelHash(kernel, key, true), new SipHash(key)];
    const event = Buffer.from('{"kind":"Event"}'.padEnd(100));
    kernel.unload();
    kernel.load(event, 0, 100);
    for (const length of [0, 1, 7, 8, 40, 65_536, 65_537]) {
      const text = new Uint8Array(length).map((_, i) => i * 3);
      const found = [new Uint8Array(16), new Uint8Array(16), new Uint8Array(16), new Uint8Array(16)] as const;
      aside.digestInto(text, 0, length, found[0], 0);
      plain.digestInto(text, 0, length, found[1], 0);
      fast.digestInto(event, 0, 100, found[2], 0);
      plain.digestInto(event, 0, 100, found[3], 0);
      expect(found[0], `${length} bytes`).to.deep.equal(found[1]);
      expect(found[2], `beside ${length} bytes`).to.deep.equal(found[3]);
    }
  });
});
