import { expect } from 'chai';
import fc from 'fast-check';
import { DigestRecorder } from '../../src/log/digest-recorder.ts';

const digestOf = (id: number): Uint8Array => new Uint8Array(16).fill(id % 251);

describe('log/digest-recorder', () => {
  it('keeps at least the newest digests that are of use, in order, each with a time less than a second away from its own', () => {
    const adding = fc.array(fc.record({ count: fc.nat(30), waitMs: fc.nat(1500) }), { maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(adding, fc.integer({ min: 1, max: 200 }), (steps, maximum) => {
        const recorder = new DigestRecorder(maximum);
        const added: { id: number; atMs: number }[] = [];
        let atMs = 0;
        for (const { count, waitMs } of steps) {
          atMs += waitMs;
          const ids = Array.from({ length: count }, (_, i) => added.length + i);
          recorder.add(Buffer.concat(ids.map(digestOf)), atMs);
          added.push(...ids.map((id) => ({ id, atMs })));
        }
        const { stamps, digests } = recorder.list();
        const kept = digests.length / 16;
        expect(kept)
          .to.be.at.least(Math.min(added.length, maximum))
          .and.at.most(Math.max(maximum * 2, 0));
        const newest = added.slice(added.length - kept);
        expect([...digests]).to.deep.equal(newest.flatMap(({ id }) => [...digestOf(id)]));
        for (const [index, { atMs: own }] of newest.entries()) {
          const stamp = stamps.findLast(({ from }) => from <= index);
          expect(own - (stamp?.atMs ?? Number.NaN)).to.be.within(0, 999);
        }
      }),
    );
  });
});
