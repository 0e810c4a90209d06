import { expect } from 'chai';
import { merkleRoot } from '../../src/proof/merkle.ts';
import { type Checkpoint, readCheckpoints, type SignedCheckpoint, writeCheckpoint } from '../../src/proof/signed-note.ts';
import { type LogVerification, verifyLog } from '../../src/proof/verify-log.ts';
import { FaultFs } from '../support/fault-fs.ts';
import { fill, newSigningKey, openSealed } from '../support/sealed-log.ts';

const chainFile = 'd/proof/digests.jsonl';
const segment = (number: number): string => `d/${String(number).padStart(10, '0')}.seg`;

describe('proof/verify-log', () => {
  const key = newSigningKey();
  let fs: FaultFs;
  const checkpointOf = (reached: Checkpoint, by = key): SignedCheckpoint =>
    readCheckpoints(writeCheckpoint(reached, by))?.[0] as SignedCheckpoint;
  let checkpoint: SignedCheckpoint;
  beforeEach(async () => {
    fs = new FaultFs();
    const { log, sealer, chain } = await openSealed(fs, key);
    await fill(log, 0, 5);
    await sealer.tick();
    await fill(log, 5, 10);
    await sealer.finish();
    checkpoint = checkpointOf({ origin: 'auditveil/test/events', size: chain.size, root: merkleRoot(chain.leaves) });
    await log.close();
  });

  const verify = (with_: { readonly checkpoint?: typeof checkpoint } = {}): Promise<LogVerification> =>
    verifyLog({ fs, directory: 'd', log: 'events', publicPems: [key.publicPem], ...with_ });
  const text = (path: string): string => Buffer.from(fs.contents(path)).toString('utf8');
  const flip = (path: string, at: number): void => {
    const bytes = fs.contents(path);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  };
  const lines = (): string[] => text(chainFile).trimEnd().split('\n');
  const putLines = (kept: readonly string[]): void => fs.put(chainFile, Buffer.from(`${kept.join('\n')}\n`));

  /** The first problem, after something was done to the log. */
  async function first(tamper: () => void, with_ = {}): Promise<string> {
    tamper();
    const [problem] = (await verify(with_)).problems;
    return problem ? `${problem.kind} at ${problem.place}` : 'none';
  }

  it('finds nothing wrong with a log as it was written', async () => {
    const { problems, records, unsealedBytes } = await verify({ checkpoint });
    expect({ problems, records, unsealedBytes }).to.deep.equal({ problems: [], records: 10, unsealedBytes: 0 });
  });

  it('finds nothing wrong with a log that nothing was written to', async () => {
    fs = new FaultFs();
    const { log, sealer } = await openSealed(fs, key);
    await sealer.finish();
    await log.close();
    expect((await verify()).problems).to.deep.equal([]);
  });

  it('names the block of a flipped byte, wherever it stands', async () => {
    const size = fs.contents(segment(2)).length;
    for (const at of [8, 40, 64, 100, 300, 700, size - 1]) {
      flip(segment(2), at);
      const [problem] = (await verify()).problems;
      expect(problem?.kind, `byte ${at}`).to.equal('segment-changed');
      const [, from, to] = /bytes (\d+) to (\d+)/.exec(problem?.place ?? '')?.map(Number) ?? [];
      expect(at).to.be.within(from ?? Number.NaN, (to ?? Number.NaN) - 1);
      flip(segment(2), at);
    }
    expect((await verify()).problems).to.deep.equal([]);
  });

  it('sees a dropped, swapped or added record', async () => {
    const before = fs.contents(segment(1)).slice();
    const at = before.length - 400;
    expect(await first(() => fs.put(segment(1), before.slice(0, at)))).to.match(/^segment-short at segment 1, byte \d+$/);
    fs.put(segment(1), before);
    expect(
      await first(() => fs.put(segment(1), Buffer.concat([before.slice(0, 64), before.slice(500), before.slice(64, 500)]))),
    ).to.match(/^segment-changed at segment 1/);
  });

  it('sees a segment that is gone', async () => {
    expect(await first(() => fs.delete(segment(2)))).to.equal('segment-missing at segment 2');
  });

  it('sees a changed, dropped, swapped or forged digest', async () => {
    const whole = lines();
    expect(
      await first(() => putLines(whole.map((line, i) => (i === 2 ? line.replace('"records":2', '"records":3') : line)))),
    ).to.equal('wrong-signature at digest 2');
    expect(await first(() => putLines(whole.filter((_, i) => i !== 2 && i !== 3)))).to.equal('broken-chain at digest 2');
    const swapped = [...whole.slice(0, 2), ...whole.slice(4, 6), ...whole.slice(2, 4), ...whole.slice(6)];
    expect(await first(() => putLines(swapped))).to.equal('broken-chain at digest 2');
    expect(await first(() => putLines(whole.map((line, i) => (i === 4 ? 'x' : line))))).to.equal('malformed-digest at digest 3');
    const other = newSigningKey();
    putLines(whole);
    const forged = await verifyLog({ fs, directory: 'd', log: 'events', publicPems: [other.publicPem] });
    expect(forged.problems[0]).to.include({ kind: 'wrong-signature', place: 'digest 1' });
    expect(await first(() => fs.put(chainFile, fs.contents(chainFile).slice(0, -30)))).to.equal(
      'torn-chain at the end of the chain',
    );
    expect(await first(() => fs.delete(chainFile))).to.equal('no-digests at the chain');
  });

  it('sees a tail that was rolled back only with a checkpoint, and a history other than the one it saw', async () => {
    const whole = lines();
    const drop = (): void => {
      putLines(whole.slice(0, 2));
      fs.delete(segment(3));
      fs.delete(segment(4));
      fs.delete(segment(2));
    };
    drop();
    expect((await verify()).problems).to.deep.equal([]);
    expect(await first(() => undefined, { checkpoint })).to.equal('rolled-back at the end of the chain');
    putLines(whole);
    expect(await first(() => undefined, { checkpoint: checkpointOf({ ...checkpoint, root: new Uint8Array(32) }) })).to.match(
      /^other-history/,
    );
    const forged = checkpointOf(checkpoint, newSigningKey());
    expect(await first(() => undefined, { checkpoint: forged })).to.equal('forged-checkpoint at the checkpoint');
  });

  it('names no place but still sees a change where the list of blocks was changed too', async () => {
    const blocks = fs.paths().find((path) => path.endsWith('0000000001.blocks')) ?? '';
    flip(blocks, 10);
    expect((await verify()).problems, 'the list only helps to find the place').to.deep.equal([]);
    expect(await first(() => flip(segment(1), 200))).to.equal('segment-changed at segment 1');
  });

  it('trusts a key that a signed digest introduces, and no other', async () => {
    const { log, sealer, chain } = await openSealed(fs, key);
    const next = newSigningKey();
    await chain.add({ kind: 'key', publicKey: next.publicPem }, 0);
    await log.close();
    const reopened = await openSealed(fs, next);
    await fill(reopened.log, 30, 34);
    await reopened.sealer.finish();
    await reopened.log.close();
    expect((await verify()).problems).to.deep.equal([]);
    expect(sealer).not.to.equal(reopened.sealer);
    const withoutIntroduction = lines().filter(
      (line, i, all) => !line.includes('"kind":"key"') && !(all[i - 1] ?? '').includes('"kind":"key"'),
    );
    expect(await first(() => putLines(withoutIntroduction))).to.match(/^wrong-signature/);
  });

  it('takes segments that are deleted while it reads for deleted, once the chain says so', async () => {
    const { log, sealer } = await openSealed(fs, key);
    await fill(log, 10, 14);
    await sealer.tick();
    let deleted = 0;
    const list = fs.list.bind(fs);
    const deleteOnceListed = (): void => {
      fs.list = async (directory) => {
        const names = await list(directory);
        fs.list = list;
        deleted = (await log.prune({ maxBytes: 1 })).segments.length;
        return names;
      };
    };
    const options = { fs, directory: 'd', log: 'events', publicPems: [key.publicPem] };
    deleteOnceListed();
    const told = await verifyLog({ ...options, settle: () => sealer.tick() });
    expect(deleted).to.be.greaterThan(3);
    expect(told.problems).to.deep.equal([]);
    expect(told.deleted).to.equal(deleted);
    await fill(log, 14, 20);
    await sealer.tick();
    deleteOnceListed();
    const [problem] = (await verifyLog(options)).problems;
    expect(problem, 'nothing says so').to.include({ kind: 'segment-missing' });
    await log.close();
  });
});
