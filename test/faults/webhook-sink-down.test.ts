import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { AuditSender } from './audit-sender.ts';
import { freePort } from './free-port.ts';
import { KillAgent } from './kill-agent.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith } from './read-log.ts';
import { SmallDisk } from './small-disk.ts';
import { host } from './webhook-load.ts';
import { writeAgentConfig } from './write-agent-config.ts';

const longestMs = 120_000;

/** A sink that cannot write: a file on a disk that is full until it is made larger. */
describe('faults/webhook-sink-down', function () {
  this.timeout(4 * longestMs);
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-sink-'));
  const stops: (() => Promise<void> | void)[] = [() => rmSync(directory, { recursive: true, force: true })];
  let small: SmallDisk;
  let disk = '';

  before(function () {
    small = new SmallDisk(this, 'faults/webhook-sink-down', 1);
    disk = small.folder;
    stops.unshift(() => small.remove());
  });
  after(async () => {
    for (const stop of stops) await stop();
  });

  /** auditIDs that reached the sink. */
  const arrived = (): ReadonlySet<string> =>
    new Set(
      readdirSync(disk).flatMap((name) =>
        [...readFileSync(path.join(disk, name), 'latin1').matchAll(/"auditID":"([^"]+)"/g)].map((match) => match[1] ?? ''),
      ),
    );

  let lookedMs = 0;
  /** Looks once a second at most: it reads all there is. */
  const hasAll = (owed: ReadonlySet<string>): boolean => {
    if (Date.now() - lookedMs < 1_000) return false;
    lookedMs = Date.now();
    const there = arrived();
    return [...owed].every((id) => there.has(id));
  };

  it('takes events until its log is full, then answers 503 with Retry-After, and loses nothing once the sink is back', async () => {
    const place = { directory, data: path.join(directory, 'data') };
    const port = await freePort(host);
    const config = writeAgentConfig(place, `{ type: webhook, listen: "${host}:${port}", allowUnprotected: true }`, {
      log: 'segmentBytes: 262144, maxBytes: 2097152',
      sinks: `{ type: file, path: ${JSON.stringify(path.join(disk, 'events.jsonl'))}, content: events, maxBytes: 1000000000 }`,
    });
    const agent = new KillAgent(place, ['--config', config]);
    stops.unshift(() => agent.kill());
    expect(await agent.ready(`${host}:${port}`), agent.said).to.not.equal(undefined);
    const sender = new AuditSender({ host, port, random: createRandom(3), batches: 3, eventsPerSecond: 2_000 });
    stops.unshift(() => sender.abandon());
    sender.start();
    const { answers } = sender;
    await until('the log is full', () => (answers.get(503) ?? 0) > 6, longestMs);
    const [stored, atSink] = [sender.stored.size, arrived().size];
    expect(stored, 'taken while the sink was down').to.be.greaterThan(atSink + 500);
    small.resize(200);
    await until('events are taken again', () => sender.stored.size > stored + 500, longestMs);
    await sender.stop();
    await until('the sink has them all', () => hasAll(sender.stored), longestMs);
    expect(await agent.endsWithin(0), agent.said).to.equal(false);
    expect([...answers.keys()].sort(), 'answers of all kinds').to.deep.equal([200, 503]);
    await agent.stop();
    expect([...(await filesWith(directory, plantedValue)), ...(await filesWith(disk, plantedValue))]).to.deep.equal([]);
  });
});
