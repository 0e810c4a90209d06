import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { makeCertificates } from '../../src/crypto/certificate-authority.ts';
import { createRandom } from '../../src/demo/random.ts';
import { post } from '../sources/webhook/post.ts';
import { sharedData } from '../support/shared-data.ts';
import { AuditSender } from './audit-sender.ts';
import { freePort } from './free-port.ts';
import { KillAgent } from './kill-agent.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith, readEvents } from './read-log.ts';
import { abuses, type Target } from './webhook-abuses.ts';
import { writeAgentConfig } from './write-agent-config.ts';

const host = '127.0.0.1';
/** kube-apiserver gives an attempt 30 s. Most answers take milliseconds; the bound leaves room for a busy machine. */
const longestAnswerMs = 10_000;

/** While a receiver is abused in every way that needs no luck, a sender with a certificate goes on as if nothing were. */
describe('faults/webhook-abuse', function () {
  this.timeout(180_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-abuse-'));
  const place = { directory, data: path.join(directory, 'data') };
  let target: Target;
  let agent: KillAgent;
  let sender: AuditSender;
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    const days = { now: new Date(), authorityDays: 2, leafDays: 1 };
    const made = await makeCertificates({ ...days, authorityName: 'abuse', serverNames: [host], clientName: 'kube-apiserver' });
    const at = (name: string, text: string): string => {
      const file = path.join(directory, name);
      writeFileSync(file, text, { mode: 0o600 });
      return JSON.stringify(file);
    };
    const port = await freePort(host);
    const tls = [
      `certFile: ${at('server.crt', made.server.certificate)}`,
      `keyFile: ${at('server.key', made.server.privateKey)}`,
      `clientCaFile: ${at('ca.crt', made.authority.certificate)}`,
    ];
    const config = writeAgentConfig(place, `{ type: webhook, listen: "${host}:${port}", tls: { ${tls.join(', ')} } }`);
    target = { port, ca: made.authority.certificate, cert: made.client.certificate, key: made.client.privateKey };
    agent = new KillAgent(place, ['--config', config]);
    stops.push(() => agent.kill());
    expect(await agent.ready(`${host}:${port}`), agent.said).to.not.equal(undefined);
    sender = new AuditSender({ host, port, random: createRandom(1), batches: 2, eventsPerSecond: 1_000, tls: target });
    stops.unshift(() => sender.abandon());
    sender.start();
  });
  after(async () => {
    for (const stop of stops) await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** What the honest sender met meanwhile. */
  async function meanwhile(action: () => Promise<void>, answers: readonly number[] = [200]): Promise<void> {
    sender.answers.clear();
    const before = sender.times.length;
    await action();
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    for (let turn = 0; turn < 100 && sender.times.length < before + 3; turn++) await sleep(100);
    const times = sender.times.slice(before);
    expect(times.length, 'batches answered meanwhile').to.be.at.least(3);
    process.stderr.write(
      `      honest sender: ${times.length} batches, answered after ${Math.ceil(Math.max(...times))} ms at most\n`,
    );
    expect(Math.max(...times)).to.be.below(longestAnswerMs);
    expect(answers, 'answers of all kinds').to.include.members([...sender.answers.keys()]);
    expect(sender.answers.get(200), 'batches taken').to.be.greaterThan(0);
  }

  for (const { name, run, answers } of abuses) it(`goes on beside ${name}`, () => meanwhile(() => run(target), answers));

  it('goes on beside every file of JSONTestSuite, each answered 200', async function () {
    const folder = sharedData(this, 'data/json-torture/JSONTestSuite/test_parsing');
    const wrong: string[] = [];
    await meanwhile(async () => {
      for (const name of readdirSync(folder)) {
        const body = readFileSync(path.join(folder, name));
        const { status } = await post(`${host}:${target.port}`, body, { tls: target });
        if (status !== 200) wrong.push(`${name} ${status}`);
      }
    });
    expect(wrong).to.deep.equal([]);
  });

  it('has every event that was answered 200 in the log once, and no value of one anywhere', async () => {
    await sender.stop();
    await agent.stop();
    const { seen } = await readEvents(place.data);
    expect([...sender.stored].filter((id) => seen.get(id) !== 1)).to.deep.equal([]);
    expect(sender.stored.size).to.be.greaterThan(500);
    expect(await filesWith(place.data, plantedValue)).to.deep.equal([]);
  });
});
