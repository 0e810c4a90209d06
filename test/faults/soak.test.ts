import { expect } from 'chai';
import { growthPerHour, soak } from './soak.ts';

describe('faults/soak', function () {
  this.timeout(90_000);

  it('loses and repeats nothing where the agent stands still again and again', async () => {
    const result = await soak({ seconds: 9, eventsPerSecond: 500, stallMs: 1_000, stallEverySeconds: 2 });
    expect(result.stalls).to.be.at.least(3);
    expect(result.wrong).to.deep.equal([]);
    expect(result.leaks).to.deep.equal([]);
    expect(result.stored).to.be.greaterThan(500);
    expect([...result.answers.keys()], 'answers of all kinds').to.deep.equal([200]);
    expect(result.memory.length).to.be.greaterThan(3);
  });

  it('tells how fast memory grows', () => {
    const memory = Array.from({ length: 100 }, (_, i) => [i * 36, i < 50 ? i * 9 : 450 + (i - 50) / 50] as const);
    expect(growthPerHour(memory)).to.be.closeTo(2, 0.001);
  });
});
