import { expect } from 'chai';
import { adversarialEvent, adversarialLines, adversaries } from '../../bench/generate/adversarial.ts';
import { createRandom } from '../../src/demo/random.ts';

describe('bench/generate/adversarial', () => {
  for (const adversary of adversaries) {
    it(`makes events of JSON: ${adversary.about}`, () => {
      const line = adversarialEvent(adversary, createRandom(1), 0, Math.min(adversary.eventBytes, 20_000));
      expect((JSON.parse(line) as { kind: string }).kind).to.equal('Event');
      expect(line).not.to.include('\n');
      expect(line.length).to.be.within(200, 60_000);
    });
  }

  it('makes the same lines each time, as many bytes as asked for', () => {
    const [first] = adversaries;
    if (!first) throw new Error('no adversaries');
    const lines = adversarialLines(first, 100_000);
    expect(adversarialLines(first, 100_000)).to.equal(lines);
    expect(lines.length).to.be.within(100_000, 130_000);
  });
});
