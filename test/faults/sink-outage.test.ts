import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createRandom } from '../../src/demo/random.ts';
import { until } from '../support/until.ts';
import { AgentPlace, roundsOr } from './agent-place.ts';
import { createGrowingLog, type GrowingLog } from './growing-log.ts';
import { KillAgent } from './kill-agent.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith } from './read-log.ts';
import { SinkServer } from './sink-server.ts';
import { writeAgentConfig } from './write-agent-config.ts';

const longestMs = 120_000;
const linux = process.platform === 'linux';

/** An agent that follows a file and feeds two sinks: a file and an HTTP endpoint. */
describe('faults/sink-outage', function () {
  this.timeout(2 * longestMs + roundsOr(1) * 20_000);
  let place: AgentPlace;
  let server: SinkServer;
  let log: GrowingLog;
  let config: string;
  const agents: KillAgent[] = [];
  beforeEach(async () => {
    place = new AgentPlace();
    server = new SinkServer(plantedValue);
    await server.start();
    const [random, rate] = [createRandom(5), { eventsPerSecond: 2_000, rotationsPerSecond: 0 }];
    log = createGrowingLog({ directory: place.directory, random, ...rate, keepFiles: 9 });
    config = writeAgentConfig(place, `{ type: file, path: ${JSON.stringify(log.file)}, pollIntervalMs: 50 }`, {
      sinks: [
        `{ type: file, name: kept, path: ${JSON.stringify(path.join(place.directory, 'kept.jsonl'))}, content: events, maxBytes: 4000000000 }`,
        `{ type: webhook, url: "${server.url}", content: events, whenBehind: hold, batch: { records: 1000, waitMs: 50 } }`,
      ].join(', '),
    });
  });
  afterEach(async () => {
    log.stop();
    for (const agent of agents.splice(0)) await agent.kill();
    await server.stop();
    await place.remove();
  });

  const start = (): KillAgent => {
    const agent = new KillAgent(place, ['--config', config]);
    agents.push(agent);
    return agent;
  };
  /** Ids in whole lines of the file sink, in order of their first arrival. */
  const kept = (): readonly string[] => {
    const text = readFileSync(path.join(place.directory, 'kept.jsonl'), 'utf8');
    const lines = text.slice(0, Math.max(0, text.lastIndexOf('\n'))).split('\n');
    return [...new Set(lines.map((line) => (JSON.parse(line) as { readonly auditID: string }).auditID))];
  };
  /** Looks twice a second: it reads the whole file. */
  const untilKept = async (count: number): Promise<void> => {
    for (const began = Date.now(); kept().length < count; await sleep(500))
      if (Date.now() - began > 30_000) throw new Error(`the file sink has ${kept().length} of ${count} events`);
  };
  /** Both sinks have every event, first seen in the order of the log, and nothing raw. */
  const judge = async (): Promise<void> => {
    const owed = [...log.written];
    await until('the endpoint has them all', () => server.taken.size >= owed.length, longestMs);
    await untilKept(owed.length);
    expect([...server.taken], 'order at the endpoint').to.deep.equal(owed);
    expect(kept(), 'order in the file').to.deep.equal(owed);
    expect(server.leaks).to.equal(0);
    expect(await filesWith(path.join(place.directory, 'data'), plantedValue)).to.deep.equal([]);
  };

  it('drains in order after an outage at 2,000 events a second, with memory flat, and delays no other sink', async () => {
    const agent = start();
    log.start();
    await until('both sinks get events', () => server.taken.size > 2_000, 30_000);
    await server.stop();
    await sleep(1_000);
    const [before, outageMs] = [residentMb(agent.pid), roundsOr(1) * 5_000];
    await sleep(outageMs);
    const [written, after] = [log.written.size, residentMb(agent.pid)];
    const missed = written - server.taken.size;
    expect(missed, 'waiting for the endpoint').to.be.greaterThan(outageMs / 2);
    await untilKept(written);
    if (linux) expect(after - before, `grew from ${before} MB`).to.be.lessThan(40);
    await server.start();
    log.stop();
    await judge();
    await agent.stop();
  });

  it('gives both sinks everything where it is killed again and again and an endpoint is busy now and then', async () => {
    const random = createRandom(7);
    server.isBusy = () => random.unit() < 0.2;
    log.start();
    for (let round = 0; round < roundsOr(2); round++) {
      const agent = start();
      const seen = server.taken.size;
      await until('events arrive', () => server.taken.size > seen, 30_000);
      await sleep(random.between(0, 800));
      await agent.kill();
    }
    log.stop();
    const agent = start();
    await judge();
    await agent.stop();
  });
});

/** Resident memory of a process, MB; 0 where the system does not tell. */
function residentMb(pid: number): number {
  if (!linux) return 0;
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
