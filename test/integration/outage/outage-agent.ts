import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../faults/free-port.ts';
import { KillAgent, main } from '../../faults/kill-agent.ts';
import { numberedEvent } from '../../faults/numbered-event.ts';
import type { Receiver } from './receiver.ts';

const rule = `title: Now and then
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9c11
logsource: { product: kubernetes, service: audit }
detection: { sel: { verb: update, objectRef.name|endswith: '00' }, condition: sel }
level: high
`;
const stepMs = 20;

/** One agent that follows a file and feeds all sinks, and who writes that file. */
export class OutageAgent {
  readonly kept: string;
  written = 0;
  readonly #log: string;
  readonly #telemetry: string;
  readonly #agent: KillAgent;
  readonly #eventsPerSecond: number;
  #timer: NodeJS.Timeout | undefined;

  static async start(folder: string, receivers: readonly Receiver[], eventsPerSecond: number): Promise<OutageAgent> {
    return new OutageAgent(folder, receivers, eventsPerSecond, `127.0.0.1:${await freePort()}`);
  }

  private constructor(folder: string, receivers: readonly Receiver[], eventsPerSecond: number, telemetry: string) {
    this.#eventsPerSecond = eventsPerSecond;
    this.#telemetry = telemetry;
    this.#log = path.join(folder, 'audit.log');
    this.kept = path.join(folder, 'kept.jsonl');
    writeFileSync(this.#log, '');
    writeFileSync(path.join(folder, 'rules.yml'), rule);
    execFileSync(process.execPath, [main, 'keys', 'init', '--key', path.join(folder, 'keys.json')], { stdio: 'ignore' });
    const sinks = receivers.map(({ name, sink }) => `  - { name: ${name}, ${sink} }\n`).join('');
    const config = path.join(folder, 'config.yaml');
    writeFileSync(
      config,
      `version: 1
cluster: { name: outage }
sources: [{ type: file, path: audit.log, pollIntervalMs: 50 }]
masking: { keyFile: keys.json }
detect: { builtIn: false, rules: [rules.yml] }
log: { directory: data }
telemetry: { listen: "${telemetry}" }
sinks:
  - { name: kept, type: file, path: kept.jsonl, content: events, maxBytes: 10000000000 }
${sinks}`,
    );
    const place = { directory: folder, data: path.join(folder, 'data') };
    this.#agent = new KillAgent(place, ['--config', config, '--output', 'none']);
  }

  get said(): string {
    return this.#agent.said;
  }

  /** As many events as the time since it began asks for. */
  write(): void {
    const [beganMs, before] = [Date.now(), this.written];
    this.#timer = setInterval(() => {
      const end = before + Math.round(((Date.now() - beganMs) / 1000) * this.#eventsPerSecond);
      const lines: string[] = [];
      for (; this.written < end; this.written++) lines.push(`${numberedEvent(this.written, `o-${this.written}`)}\n`);
      if (lines.length > 0) appendFileSync(this.#log, lines.join(''));
    }, stepMs);
  }

  pause(): void {
    clearInterval(this.#timer);
  }

  /** Resident memory, MB. */
  get memoryMb(): number {
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#agent.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  /** Sum of a metric over all lines whose labels hold a text. */
  async metric(name: string, labels: string): Promise<number> {
    const text = await (await fetch(`http://${this.#telemetry}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(/\}\s+(\S+)/.exec(line)?.[1] ?? 0), 0);
  }

  stop(): Promise<void> {
    this.pause();
    return this.#agent.stop();
  }

  kill(): Promise<void> {
    this.pause();
    return this.#agent.kill();
  }
}
