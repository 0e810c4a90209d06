import { expect } from 'chai';
import type { SigningKey } from '../../src/crypto/signing-key.ts';
import { followKeys, keyIntroductions } from '../../src/proof/follow-keys.ts';
import { introduceKey } from '../../src/proof/introduce-key.ts';
import { keyTurns } from '../../src/proof/key-turns.ts';
import { openSealer } from '../../src/proof/open-sealer.ts';
import { verifyLog } from '../../src/proof/verify-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { clock, everyMs, fill, newSigningKey, openSealed } from '../support/sealed-log.ts';

describe('proof/introduce-key', () => {
  const [first, second, third] = [newSigningKey(), newSigningKey(), newSigningKey()];
  const logs = [{ log: 'events', directory: 'd' }];
  let fs: FaultFs;
  beforeEach(async () => {
    fs = new FaultFs();
    await write(first, 0);
  });

  async function write(key: SigningKey, from: number): Promise<void> {
    const { log, sealer } = await openSealed(fs, key);
    await fill(log, from, from + 4);
    await sealer.finish();
    await log.close();
  }
  const rotate = (key: SigningKey, nextKey: SigningKey): Promise<void> => introduceKey({ fs, logs, key, nextKey, clock });
  const problems = async (publicPems: readonly string[]) =>
    (await verifyLog({ fs, directory: 'd', log: 'events', publicPems })).problems;

  it('leads from the first key to those that took over, one after another', async () => {
    await rotate(first, second);
    await write(second, 10);
    await rotate(second, third);
    await write(third, 20);
    expect(await problems([first.publicPem])).to.deep.equal([]);
    expect((await problems([third.publicPem]))[0]).to.include({ kind: 'wrong-signature', place: 'digest 1' });
    expect((await keyTurns(fs, 'd')).map(({ digest, introduced }) => `${digest} ${introduced}`)).to.have.length(3);
    const trusted = followKeys(await keyIntroductions(fs, 'd'), [first.publicPem]);
    expect(trusted).to.deep.equal([first.publicPem, second.publicPem, third.publicPem]);
    expect(followKeys(await keyIntroductions(fs, 'd'), [newSigningKey().publicPem])).to.have.length(1);
  });

  it('trusts the key before no more once another took over', async () => {
    await rotate(first, second);
    await write(first, 10);
    expect((await problems([first.publicPem]))[0]?.kind).to.equal('wrong-signature');
  });

  it('is done once, however often it is begun, and refused while somebody writes', async () => {
    await rotate(first, second);
    await rotate(first, second);
    expect(await keyIntroductions(fs, 'd')).to.have.length(1);
    const { log } = await openSealed(fs, second);
    expect(await rotate(second, third).catch((error: unknown) => error)).to.include({ code: 'E_LOG_LOCKED' });
    await log.close();
  });

  it('signs with the key that took over already, and tells of one that nobody introduced', async () => {
    await rotate(first, second);
    const { log } = await openSealed(fs, second);
    await fill(log, 30, 32);
    const told: string[] = [];
    const open = (key: SigningKey, nextKey?: SigningKey) =>
      openSealer({
        ...{ fs, directory: 'd', log: 'events', cluster: 'test', key, nextKey, clock, everyMs },
        ...{ end: () => log.status().end, commit: () => Promise.resolve(), damaged: () => undefined },
        replaced: (before) => told.push(before),
      });
    await (await open(first, second)).finish();
    expect(told).to.deep.equal([]);
    expect(await problems([first.publicPem])).to.deep.equal([]);
    await open(third);
    expect(told).to.have.length(1);
    await log.close();
  });
});
