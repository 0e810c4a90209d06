import { expect } from 'chai';
import { RecentFrames } from '../../../src/sinks/syslog/recent-frames.ts';

const bytes = (n: number) => new Uint8Array(n);
const kept = (recent: RecentFrames) => recent.batches.map(({ length }) => length);

describe('sinks/syslog/recent-frames', () => {
  it('keeps whole batches up to its limit, and the last one in any case', () => {
    const recent = new RecentFrames(10);
    for (const n of [4, 5, 3]) recent.add(bytes(n));
    expect(kept(recent)).to.deep.equal([5, 3]);
    recent.add(bytes(20));
    expect(kept(recent)).to.deep.equal([20]);
    recent.add(bytes(1));
    expect(kept(recent)).to.deep.equal([1]);
    recent.clear();
    expect(kept(recent)).to.deep.equal([]);
  });

  it('keeps nothing where nothing is to be sent again', () => {
    const recent = new RecentFrames(0);
    recent.add(bytes(1));
    expect(kept(recent)).to.deep.equal([]);
  });
});
