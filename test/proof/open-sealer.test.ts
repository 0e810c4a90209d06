import { expect } from 'chai';
import { digestsFileName } from '../../src/proof/digest-chain.ts';
import { openSealer } from '../../src/proof/open-sealer.ts';
import { verifyLog } from '../../src/proof/verify-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { clock, everyMs, fill, newSigningKey, openSealed } from '../support/sealed-log.ts';

describe('proof/open-sealer', () => {
  it('sets a chain aside that cannot be read, says so, and begins another one', async () => {
    const key = newSigningKey();
    const fs = new FaultFs();
    const { log, sealer } = await openSealed(fs, key);
    await fill(log, 0, 6);
    await sealer.finish();
    const file = `d/proof/${digestsFileName}`;
    fs.contents(file)[20] = 0;
    let damaged = 0;
    const again = await openSealer({
      ...{ fs, directory: 'd', log: 'events', cluster: 'test', key, clock, everyMs },
      end: () => log.status().end,
      commit: () => Promise.resolve(),
      damaged: () => damaged++,
    });
    await again.finish();
    expect(damaged).to.equal(1);
    expect(fs.paths().some((path) => /^d\/proof\/damaged-\d+\.jsonl$/.test(path))).to.equal(true);
    expect(await verifyLog({ fs, directory: 'd', log: 'events', publicPems: [key.publicPem] })).to.deep.include({
      problems: [],
      records: 6,
    });
    await log.close();
  });

  it('writes digests on a full disk with what is set aside for that', async () => {
    const key = newSigningKey();
    const fs = new FaultFs();
    const { log } = await openSealed(fs, key);
    await fill(log, 0, 2);
    let spent = 0;
    const sealer = await openSealer({
      ...{ fs, directory: 'd', log: 'events', cluster: 'test', key, clock, everyMs },
      end: () => log.status().end,
      commit: () => Promise.resolve(),
      damaged: () => undefined,
      spend: (action) => {
        spent++;
        return action();
      },
    });
    await sealer.finish();
    expect(spent).to.equal(1);
    await log.close();
  });
});
