import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/demo/random.ts';
import { AuditSender } from './audit-sender.ts';
import { freePort } from './free-port.ts';
import { KillAgent } from './kill-agent.ts';
import { plantedValue } from './numbered-event.ts';
import { filesWith, readEvents } from './read-log.ts';
import { host } from './webhook-load.ts';
import { writeAgentConfig } from './write-agent-config.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  /** The agent stands still for so long, so often: what a machine without a free processor does to it. */
  readonly stallMs: number;
  readonly stallEverySeconds: number;
  /** Told about once a minute. */
  readonly progress?: (told: string) => void;
}

export interface SoakResult {
  readonly stored: number;
  /** Events of a 200 that are not in the log once. */
  readonly wrong: readonly string[];
  /** Files that hold a planted value. */
  readonly leaks: readonly string[];
  readonly stalls: number;
  readonly answers: ReadonlyMap<number, number>;
  /** Of answers that no stall was in, milliseconds. */
  readonly p99Ms: number;
  /** Resident set in 10⁶ bytes by seconds since the start. */
  readonly memory: readonly (readonly [seconds: number, megabytes: number])[];
}

/** An agent under a steady load that is made to stand still now and then, watched from outside. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-soak-'));
  const place = { directory, data: path.join(directory, 'data') };
  const port = await freePort(host);
  const config = writeAgentConfig(place, `{ type: webhook, listen: "${host}:${port}", allowUnprotected: true }`);
  const agent = new KillAgent(place, ['--config', config]);
  const sender = new AuditSender({
    ...{ host, port, random: createRandom(43), batches: 2 },
    eventsPerSecond: options.eventsPerSecond,
  });
  try {
    if ((await agent.ready(`${host}:${port}`)) === undefined) throw new Error(agent.said);
    sender.start();
    const { memory, stalls } = await watch(agent, options);
    await sender.stop();
    await agent.stop();
    const { seen } = await readEvents(place.data);
    const times = sender.times.filter((timeMs) => timeMs < options.stallMs).sort((a, b) => a - b);
    return {
      ...{ stored: sender.stored.size, stalls, memory, answers: sender.answers },
      wrong: [...sender.stored].filter((id) => seen.get(id) !== 1),
      leaks: await filesWith(place.data, plantedValue),
      p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    };
  } finally {
    sender.abandon();
    await agent.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function watch(agent: KillAgent, options: SoakOptions): Promise<Pick<SoakResult, 'memory' | 'stalls'>> {
  const memory: (readonly [number, number])[] = [];
  const began = Date.now();
  const secondsSince = (): number => (Date.now() - began) / 1000;
  let stalls = 0;
  for (let told = 60; secondsSince() < options.seconds; await sleep(1_000)) {
    memory.push([secondsSince(), residentMegabytes(agent.pid)]);
    if (secondsSince() >= (stalls + 1) * options.stallEverySeconds) {
      process.kill(agent.pid, 'SIGSTOP');
      await sleep(options.stallMs);
      process.kill(agent.pid, 'SIGCONT');
      stalls++;
    }
    if (secondsSince() < told) continue;
    told += 60;
    options.progress?.(`${secondsSince().toFixed(0)} s: ${memory.at(-1)?.[1].toFixed(0)} MB, ${stalls} stalls`);
  }
  return { memory, stalls };
}

function residentMegabytes(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}

/** Growth of the resident set in 10⁶ bytes an hour, by least squares over the second half: the first one fills caches. */
export function growthPerHour(memory: SoakResult['memory']): number {
  const half = memory.slice(Math.floor(memory.length / 2));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanSeconds, meanMegabytes] = [mean(half.map(([seconds]) => seconds)), mean(half.map(([, megabytes]) => megabytes))];
  const above = half.reduce((sum, [seconds, megabytes]) => sum + (seconds - meanSeconds) * (megabytes - meanMegabytes), 0);
  const below = half.reduce((sum, [seconds]) => sum + (seconds - meanSeconds) ** 2, 0);
  return (3600 * above) / below;
}
