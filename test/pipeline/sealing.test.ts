import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Config } from '../../src/config/schema.ts';
import { formerPublicKeys, makeNextKey, nextKeyFile } from '../../src/crypto/next-signing-key.ts';
import { SigningKey } from '../../src/crypto/signing-key.ts';
import { nodeFileSystem } from '../../src/log/file-system.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { Sealing } from '../../src/pipeline/sealing.ts';
import { verifyLog } from '../../src/proof/verify-log.ts';
import { makeClock, makeTile } from '../support/log-fixture.ts';

describe('pipeline/sealing', () => {
  const clock = makeClock();
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicPems = [new SigningKey(privateKey).publicPem];
  let directory: string;
  let keyFile: string;
  let logs: { readonly events: SegmentLog; readonly findings: SegmentLog };
  let notices: string[];
  let sealing: Sealing;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'auditveil-sealing-'));
    keyFile = join(directory, 'signing.pem');
    await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const common = { clock, reserveBytes: 0, tickMs: 0, segmentBytes: 4096, maxBytes: 16_384 };
    logs = {
      events: await openLog({ ...common, directory: join(directory, 'events'), name: 'events' }),
      findings: await openLog({ ...common, directory: join(directory, 'findings'), name: 'findings' }),
    };
    notices = [];
  });

  afterEach(async () => {
    await sealing.stop();
    for (const log of Object.values(logs)) await log.close();
    await rm(directory, { recursive: true });
  });

  function start(): void {
    const config = { cluster: { name: 'test' }, log: { directory, sealEveryMs: 3_600_000 } } as Config;
    const losses = { report: () => undefined };
    sealing = new Sealing({ config, logs, clock, losses, notice: (text) => notices.push(text) });
  }

  const append = (id: number) => logs.events.append(makeTile([{ id, filling: 1000 }]));
  const sealed = () => verifyLog({ fs: nodeFileSystem, directory: join(directory, 'events'), log: 'events', publicPems });

  /** Until there are digests of the events log. */
  async function digests(): Promise<number> {
    for (let i = 0; i < 100; i++) {
      const { digests: count } = await sealed();
      if (count > 0) return count;
      await delay(20);
    }
    return 0;
  }

  it('takes events as fast as they come into a log that is at its limit, and deletes nothing unsealed', async () => {
    await append(0);
    start();
    expect(await digests(), 'it is open').to.be.greaterThan(0);
    for (let id = 1; id <= 60; id++) await append(id);
    expect(logs.events.status().bytes).to.be.at.most(16_384);
    await sealing.stop();
    const { problems, deleted, unsealedBytes } = await sealed();
    expect(problems).to.deep.equal([]);
    expect(deleted).to.be.greaterThan(10);
    expect(unsealedBytes).to.equal(0);
    expect(notices).to.deep.equal([]);
  });

  it('says once that the key is no good, and goes on when it is', async () => {
    await chmod(keyFile, 0o644);
    await append(0);
    start();
    await delay(250);
    clock.advance(60_000);
    await delay(250);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.include('E_KEY_SIGNING').and.include('chmod 600');
    await chmod(keyFile, 0o600);
    clock.advance(60_000);
    expect(await digests()).to.be.greaterThan(0);
    expect((await sealed()).problems).to.deep.equal([]);
  });

  it('lets a log that was sealed before fill up, and no further, while it cannot be sealed', async () => {
    await append(0);
    start();
    await digests();
    await sealing.stop();
    await chmod(keyFile, 0o644);
    start();
    let id = 1;
    const full = await (async () => {
      for (; id < 50; id++) await append(id);
      return undefined;
    })().catch((error: unknown) => error);
    expect(full).to.include({ code: 'E_LOG_FULL' });
    expect(id).to.be.greaterThan(10);
    await chmod(keyFile, 0o600);
    clock.advance(60_000);
    await delay(500);
    for (; id < 60; id++) await append(id);
    await sealing.stop();
    expect((await sealed()).problems).to.deep.equal([]);
  });

  it('lets a key take over that was put beside the one in force, while it writes', async () => {
    await append(0);
    start();
    await digests();
    const next = await makeNextKey(keyFile);
    clock.advance(60_000);
    for (let i = 0; i < 100 && existsSync(nextKeyFile(keyFile)); i++) await delay(20);
    expect(await readFile(join(directory, 'signing.pub.pem'), 'utf8')).to.equal(next.publicPem);
    for (let id = 1; id < 12; id++) await append(id);
    await sealing.stop();
    expect((await sealed()).problems).to.deep.equal([]);
    expect(await formerPublicKeys(keyFile)).to.deep.equal(publicPems);
    expect(notices).to.deep.equal([]);
  });

  it('gives out checkpoints as often as it is told to', async () => {
    await append(0);
    const config = {
      cluster: { name: 'test' },
      log: { directory, sealEveryMs: 3_600_000, checkpoints: { everyMs: 600_000, sinks: [] } },
    } as unknown as Config;
    const published: (readonly string[])[] = [];
    const publish = (notes: readonly string[]): Promise<void> => {
      published.push(notes);
      return Promise.resolve();
    };
    sealing = new Sealing({
      config,
      logs,
      clock,
      losses: { report: () => undefined },
      notice: (text) => notices.push(text),
      publish,
    });
    await digests();
    await delay(300);
    expect(published).to.have.length(1);
    expect(published[0]?.[0]).to.match(/^auditveil\/test\/events\n\d+\n/);
    clock.advance(600_001);
    await delay(300);
    expect(published).to.have.length(2);
  });
});
