import { expect } from 'chai';
import { readPosition } from '../../src/log/position-file.ts';
import { PositionKeeper } from '../../src/log/position-keeper.ts';
import { Reserve } from '../../src/log/reserve-file.ts';
import { FaultFs } from '../support/fault-fs.ts';

describe('log/position-keeper', () => {
  const make = (fs: FaultFs): PositionKeeper =>
    new PositionKeeper(
      { fs, directory: 'd', reader: 'r', whenBehind: 'hold', reserve: new Reserve(fs, 'd', 0) },
      { segment: 1, offset: 64 },
    );

  it('joins commits that wait for the disk and stores the furthest', async () => {
    const fs = new FaultFs();
    const keeper = make(fs);
    await Promise.all(Array.from({ length: 50 }, (_, i) => keeper.commit({ segment: 1, offset: 100 + i })));
    expect(fs.syncs).to.be.lessThan(4);
    expect(keeper.committed).to.deep.equal({ segment: 1, offset: 149 });
    expect(await readPosition(fs, 'd', 'r')).to.deep.equal({ position: { segment: 1, offset: 149 }, whenBehind: 'hold' });
  });

  it('never goes back', async () => {
    const fs = new FaultFs();
    const keeper = make(fs);
    await keeper.commit({ segment: 2, offset: 100 });
    await keeper.commit({ segment: 1, offset: 900 });
    expect(await readPosition(fs, 'd', 'r')).to.deep.include({ position: { segment: 2, offset: 100 } });
  });

  it('has the old or the new position after a power cut at any call, never garbage', async () => {
    for (let call = 0; call < 12; call++) {
      for (const roll of [0.1, 0.9]) {
        const fs = new FaultFs();
        const keeper = make(fs);
        await keeper.commit({ segment: 1, offset: 100 });
        let left = call;
        fs.plan = () => (left-- <= 0 ? 'EIO' : undefined);
        const committed = await keeper.commit({ segment: 1, offset: 200 }).then(
          () => true,
          () => false,
        );
        fs.random = () => roll;
        const stored = await readPosition(fs.crash(), 'd', 'r');
        expect(stored).not.to.be.oneOf(['damaged', undefined]);
        const offset = stored !== undefined && stored !== 'damaged' ? stored.position.offset : 0;
        expect(offset).to.be.oneOf(committed ? [200] : [100, 200]);
      }
    }
  });
});
