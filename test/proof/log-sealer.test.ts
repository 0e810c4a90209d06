import { expect } from 'chai';
import { readChain } from '../../src/proof/digest-chain.ts';
import type { Digest } from '../../src/proof/digest-document.ts';
import { verifyLog } from '../../src/proof/verify-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { clock, everyMs, fill, newSigningKey, openSealed } from '../support/sealed-log.ts';

describe('proof/log-sealer', () => {
  const key = newSigningKey();
  const verify = (fs: FaultFs) => verifyLog({ fs, directory: 'd', log: 'events', publicPems: [key.publicPem] });
  const digests = async (fs: FaultFs): Promise<readonly Digest[]> =>
    (await readChain(fs, 'd')).digests.map((text) => JSON.parse(text.split('\n')[0] ?? '') as Digest);

  it('seals each segment once, when it is closed', async () => {
    const fs = new FaultFs();
    const { log, sealer } = await openSealed(fs, key);
    await sealer.tick();
    await fill(log, 0, 8);
    await sealer.tick();
    await sealer.tick();
    const made = await digests(fs);
    const closed = made.filter(({ kind }) => kind === 'closed');
    expect(closed.map((digest) => 'segment' in digest && digest.segment)).to.deep.equal([1, 2, 3]);
    expect(closed[0]).to.deep.include({ records: 2, events: 2, stubs: 0, log: 'events', cluster: 'test' });
    expect((await verify(fs)).problems).to.deep.equal([]);
    await log.close();
  });

  it('seals the open segment from time to time, also when idle, and all there is at the end', async () => {
    const fs = new FaultFs();
    const { log, sealer, chain } = await openSealed(fs, key);
    await fill(log, 0, 1);
    await sealer.tick();
    const first = chain.size;
    await fill(log, 1, 2);
    await sealer.tick();
    expect(chain.size, 'not yet time').to.equal(first);
    clock.advance(everyMs);
    await sealer.tick();
    clock.advance(everyMs);
    await sealer.tick();
    const kinds = (await digests(fs)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'open')).to.have.length(3);
    await fill(log, 2, 4);
    expect((await verify(fs)).unsealedBytes).to.be.greaterThan(300);
    await sealer.finish();
    await log.close();
    const end = await verify(fs);
    expect(end).to.deep.include({ unsealedBytes: 0, problems: [], records: 4 });
    const { sealer: again, log: reopened } = await openSealed(fs, key);
    await again.finish();
    expect(await digests(fs), 'nothing new: nothing more to say').to.have.length(end.digests);
    await reopened.close();
  });

  it('tells of deleted segments, of which none goes before it is sealed', async () => {
    const fs = new FaultFs();
    const { log, sealer } = await openSealed(fs, key, { maxBytes: 4096 });
    let refused = 0;
    for (let id = 0; id < 40; id++) {
      await fill(log, id, id + 1).catch(() => {
        refused++;
      });
      if (id % 16 === 15) await sealer.tick();
    }
    expect(refused, 'the log was full of what is not sealed yet').to.be.greaterThan(0);
    await sealer.tick();
    const { deleted, problems, segments } = await verify(fs);
    expect(problems).to.deep.equal([]);
    expect(deleted).to.be.greaterThan(2);
    expect(segments).to.be.greaterThan(0);
    await log.close();
  });

  it('goes on with the same chain after a kill at any call, and the chain holds', async () => {
    for (let failAt = 1; failAt < 60; failAt++) {
      let fs = new FaultFs();
      let calls = 0;
      fs.plan = () => (++calls > failAt ? 'EIO' : undefined);
      await (async () => {
        const { log, sealer } = await openSealed(fs, key);
        await fill(log, 0, 5);
        await sealer.tick();
        await fill(log, 5, 9);
        await sealer.finish();
      })().catch(() => undefined);
      fs = fs.crash();
      const { log, sealer } = await openSealed(fs, key);
      await fill(log, 20, 24);
      await sealer.finish();
      await log.close();
      expect((await verify(fs)).problems, `call ${failAt}`).to.deep.equal([]);
    }
  });
});
