import { expect } from 'chai';
import fc from 'fast-check';
import { auditPath, growthPath, leafHash, merkleRoot, rootOfGrowth, rootOfPath } from '../../src/proof/merkle.ts';

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** Inputs and roots that implementations of RFC 6962 are checked against. */
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots: Readonly<Record<number, string>> = {
  0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  2: 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
};
const leaves = inputs.map((input) => leafHash(Buffer.from(input, 'hex')));

describe('proof/merkle', () => {
  it('makes the known roots', () => {
    for (const [size, root] of Object.entries(roots)) expect(hex(merkleRoot(leaves.slice(0, Number(size))))).to.equal(root);
  });

  it('leads from every leaf to the root, and from no other leaf or place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
        const some = Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i)));
        const [index, other] = [a % size, b % size];
        const path = auditPath(some, index);
        const root = hex(merkleRoot(some));
        const leaf = some[index] as Uint8Array;
        expect(hex(rootOfPath(leaf, index, size, path))).to.equal(root);
        if (other !== index) {
          expect(hex(rootOfPath(some[other] as Uint8Array, index, size, path))).not.to.equal(root);
          expect(hex(rootOfPath(leaf, other, size, path))).not.to.equal(root);
        }
        expect(rootOfPath(leaf, index, size, [...path, leaf])).to.satisfy((r: Uint8Array | undefined) => hex(r) !== root);
      }),
    );
  });

  it('refuses places that do not exist', () => {
    expect(() => auditPath(leaves, 8)).to.throw(RangeError);
    expect(rootOfPath(leaves[0] as Uint8Array, 8, 8, [])).to.equal(undefined);
  });

  it('shows that a tree grew out of an earlier one, and out of no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, a, at) => {
        const some = Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i)));
        const old = 1 + (a % size);
        const [path, oldRoot] = [growthPath(some, old), merkleRoot(some.slice(0, old))];
        expect(hex(rootOfGrowth(oldRoot, old, size, path))).to.equal(hex(merkleRoot(some)));
        const other = some.with(at % old, leafHash(Uint8Array.of(200)));
        const forged = merkleRoot(other.slice(0, old));
        expect(hex(rootOfGrowth(forged, old, size, growthPath(other, old)))).not.to.equal(hex(merkleRoot(some)));
        expect(rootOfGrowth(oldRoot, old, size, [...path, forged])).to.equal(undefined);
        if (old < size) expect(hex(rootOfGrowth(forged, old, size, path))).not.to.equal(hex(merkleRoot(some)));
      }),
    );
    expect(() => growthPath(leaves, 0)).to.throw(RangeError);
    expect(rootOfGrowth(leaves[0] as Uint8Array, 9, 8, [])).to.equal(undefined);
  });
});
