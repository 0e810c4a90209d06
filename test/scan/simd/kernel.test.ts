import { expect } from 'chai';
import fc from 'fast-check';
import { Kernel } from '../../../src/scan/simd/kernel.ts';
import { kernelModule } from '../../support/inspect-lines.ts';

/** Bytes in which line feeds are frequent. */
const bytes = fc
  .array(fc.oneof(fc.constant(10), fc.nat(255)), { maxLength: 300 })
  .map((list) => Uint8Array.from([...list, ...new Uint8Array(64)]));

describe('scan/simd/kernel', () => {
  const kernel = new Kernel(kernelModule());

  it('lists the line feeds of any stretch', () => {
    const found = new Uint32Array(400);
    fc.assert(
      fc.property(bytes, fc.nat(300), (text, cut) => {
        const end = text.length - 64;
        const start = Math.min(cut, end);
        kernel.unload();
        kernel.load(text, 0, end);
        const count = kernel.newlines(start, end, found);
        const expected = [...text.keys()].filter((at) => at >= start && at < end && text[at] === 10);
        expect([...found.subarray(0, count)]).to.deep.equal(expected);
      }),
    );
  });

  it('lists the line feeds of a text longer than one call takes, and says where there is no room for them', () => {
    const text = new Uint8Array(200_064).fill(97);
    for (let at = 0; at < 200_000; at += 1000) text[at] = 10;
    kernel.unload();
    kernel.load(text, 0, 200_000);
    const found = new Uint32Array(200);
    expect(kernel.newlines(0, 200_000, found)).to.equal(200);
    expect(found[199]).to.equal(199_000);
    expect(kernel.newlines(0, 200_000, found.subarray(0, 199))).to.equal(-1);
  });
});
