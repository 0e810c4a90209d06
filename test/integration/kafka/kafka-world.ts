import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { main } from '../../faults/kill-agent.ts';
import { endProcess } from '../../support/end-process.ts';
import { failedChecks, say } from '../check.ts';
import { CaptureProxy } from './capture-proxy.ts';
import { followMatches } from './follow-matches.ts';
import { RealKafka, type RealKafkaOptions } from './real-kafka.ts';

/** Every update of one user within an hour, five or more: one long episode. */
const rules = `title: Updated
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9c01
name: updated
logsource: { product: kubernetes, service: audit }
detection: { sel: { verb: update }, condition: sel }
level: informational
---
title: Many updates
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9c02
correlation: { type: event_count, rules: [updated], group-by: [user.username], timespan: 1h, condition: { gte: 5 } }
level: medium
`;
export const manyUpdates = '7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9c02';

export interface KafkaWorldOptions extends RealKafkaOptions {
  /** Text of the rule file. Default: one long episode of everything. */
  readonly rules?: string;
  /** Lines below `detect` of every configuration. */
  readonly detect?: string;
}

/** Proxies listen so far from the broker behind them: below the ports that the system gives to outgoing connections. */
const proxyOffset = -9_000;

type Role = 'agent' | 'worker' | 'all';

/** One process of a role, with files of its own, that can be killed and started again. */
export class RoleProcess {
  readonly name: string;
  readonly folder: string;
  readonly #role: Role;
  readonly #config: string;
  #child: ChildProcess | undefined;

  constructor(world: string, name: string, role: Role, config: string) {
    this.name = name;
    this.#role = role;
    this.folder = path.join(world, name);
    mkdirSync(this.folder, { recursive: true });
    this.#config = path.join(this.folder, 'config.yaml');
    writeFileSync(this.#config, config);
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  start(): void {
    const said = openSync(this.file('said.log'), 'a');
    const args = [main, 'run', '--role', this.#role, '--config', this.#config, '--output', 'none'];
    const env = { ...process.env, XDG_STATE_HOME: this.file('state'), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', said, said] });
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    return endProcess(child, signal);
  }

  /** Whether it ended without being told to. */
  get hasEnded(): boolean {
    return this.#child !== undefined && this.#child.exitCode !== null;
  }

  said(): string {
    return existsSync(this.file('said.log')) ? readFileSync(this.file('said.log'), 'utf8') : '';
  }

  /** JSON lines of one of its outputs; a line that is not whole yet is left out. */
  lines<T>(name: string): readonly T[] {
    const file = this.file(name);
    if (!existsSync(file)) return [];
    const texts = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return texts.map((text) => JSON.parse(text) as T);
  }
}

/** Brokers, agents and workers on one machine, with every byte to and from the brokers looked at. */
export class KafkaWorld {
  readonly folder: string;
  readonly kafka: RealKafka;
  readonly proxies: CaptureProxy[] = [];
  readonly keyFile: string;
  readonly #detect: string;

  constructor(folder: string, planted: readonly string[], options: KafkaWorldOptions = {}) {
    this.folder = folder;
    this.#detect = options.detect ?? '';
    this.keyFile = path.join(folder, 'keys.json');
    execFileSync(process.execPath, [main, 'keys', 'init', '--key', this.keyFile], { stdio: 'ignore' });
    writeFileSync(path.join(folder, 'rules.yml'), options.rules ?? rules);
    this.kafka = new RealKafka(path.join(folder, 'kafka'), {
      advertise: (port) => port + proxyOffset,
      prepare: async (ports) => {
        for (const port of ports) {
          const proxy = new CaptureProxy(port, planted);
          await proxy.listen(port + proxyOffset);
          this.proxies.push(proxy);
        }
      },
      ...options,
    });
  }

  /** Planted texts that were seen on the way. */
  get leaked(): readonly string[] {
    return this.proxies.flatMap(({ found }) => [...found.keys()]);
  }

  /**
   * Waits until workers have handed on every one of these events. Only then may an event of a much later time be written: one that
   * overtakes what another worker still holds would make that late.
   */
  async areMatched(ids: ReadonlySet<string>, seconds: number): Promise<boolean> {
    const seen = new Set<string>();
    const matches = await followMatches(this.kafka.client(), this.keyFile, (id) => seen.add(id));
    const areAll = await within(seconds, () => [...ids].every((id) => seen.has(id)));
    await matches.stop();
    return areAll;
  }

  agent(name: string): RoleProcess {
    return this.#reader(name, 'agent');
  }

  /** One process that does everything, without a Kafka: what the others have to come to as well. */
  single(name: string): RoleProcess {
    return this.#reader(name, 'all');
  }

  worker(name: string): RoleProcess {
    return new RoleProcess(this.folder, name, 'worker', this.#config([], 'worker'));
  }

  #reader(name: string, role: 'agent' | 'all'): RoleProcess {
    const config = this.#config(['- { type: file, path: audit.log, pollIntervalMs: 50 }'], role);
    const process = new RoleProcess(this.folder, name, role, config);
    writeFileSync(process.file('audit.log'), '');
    return process;
  }

  async stop(processes: readonly RoleProcess[]): Promise<void> {
    for (const process of processes) await process.end('SIGKILL');
    await this.kafka.stop();
    for (const proxy of this.proxies) proxy.close();
  }

  /** Ends everything; what each of them said is shown where a check failed. With KEEP in the environment the folder stays. */
  async end(processes: readonly RoleProcess[]): Promise<void> {
    if (failedChecks() > 0) for (const one of processes) say(`--- ${one.name}\n${one.said().slice(-1500)}`);
    await this.stop(processes);
    if (process.env['KEEP'] === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  #config(sources: readonly string[], role: Role): string {
    return `version: 1
cluster: { name: lab }
sources: ${sources.length === 0 ? '[]' : `\n  ${sources.join('\n  ')}`}
masking: { keyFile: ${JSON.stringify(this.keyFile)} }
detect: { builtIn: false, rules: [../rules.yml]${this.#detect} }
log: { directory: data }
${role === 'all' ? '' : this.#transport()}
sinks:
  - { type: file, name: events, path: events.jsonl, content: events, maxBytes: 10000000000 }
  - { type: file, name: findings, path: findings.jsonl, maxBytes: 1000000000 }
`;
  }

  #transport(): string {
    return `transport:
  type: kafka
  brokers: ${JSON.stringify(this.kafka.addresses)}
  compression: none
  sessionTimeoutMs: 6000
  requestTimeoutMs: 10000`;
  }
}

export function append(process: RoleProcess, lines: readonly string[]): void {
  appendFileSync(process.file('audit.log'), lines.map((line) => `${line}\n`).join(''));
}

/** Waits until something holds. @returns whether it came to hold in time */
export async function within(seconds: number, holds: () => boolean): Promise<boolean> {
  for (const startedMs = Date.now(); Date.now() - startedMs < seconds * 1000; await sleep(200)) if (holds()) return true;
  return holds();
}
