import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endProcess } from '../support/end-process.ts';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const readyMs = 60_000;

/** Runs a command of the program to its end; what it keeps for itself is below a folder. @returns what it wrote; throws where it failed */
export function auditveil(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, XDG_STATE_HOME: path.join(folder, 'state'), NO_COLOR: '1' };
  return execFileSync(process.execPath, [main, ...args], { encoding: 'utf8', env, maxBuffer: 1 << 28 });
}

/** `auditveil run` with what `init` wrote into a folder, as a process of its own. Its output is in agent.log there. */
export class Agent {
  readonly folder: string;
  readonly #telemetry: string;
  #child: ChildProcess | undefined;

  /** Wires it: `init` with these arguments, the one thing changed being the port of its metrics. */
  constructor(folder: string, telemetryPort: number, init: readonly string[]) {
    this.folder = folder;
    this.#telemetry = `127.0.0.1:${telemetryPort}`;
    auditveil(folder, 'init', ...init, '--out', folder);
    const text = readFileSync(this.config, 'utf8');
    if (!text.includes('127.0.0.1:9464')) throw new Error('init writes another address of metrics than it did');
    writeFileSync(this.config, text.replace('127.0.0.1:9464', this.#telemetry));
  }

  get config(): string {
    return path.join(this.folder, 'config.yaml');
  }

  get events(): string {
    return path.join(this.folder, 'data/events');
  }

  start(): void {
    const log = openSync(path.join(this.folder, 'agent.log'), 'a');
    const env = { ...process.env, NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [main, 'run', '--config', this.config], { env, stdio: ['ignore', log, log] });
  }

  async ready(): Promise<void> {
    for (const startedMs = Date.now(); ; await sleep(200)) {
      const answer = await fetch(`http://${this.#telemetry}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return;
      if (Date.now() - startedMs > readyMs)
        throw new Error(`the agent is not ready:\n${readFileSync(path.join(this.folder, 'agent.log'), 'utf8').slice(-2000)}`);
    }
  }

  /** Of the process that runs now. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What its metrics say now, as text. */
  async metrics(): Promise<string> {
    return (await fetch(`http://${this.#telemetry}/metrics`)).text();
  }

  signal(signal: 'SIGHUP'): void {
    this.#child?.kill(signal);
  }

  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    return endProcess(this.#child, signal);
  }

  /** Keeps the metrics beside the rest, to be searched for secrets too. */
  async keepMetrics(): Promise<void> {
    writeFileSync(path.join(this.folder, 'metrics.txt'), await this.metrics());
  }

  /** Runs `doctor` on it. @returns its exit code and its lines */
  doctor(...args: readonly string[]): { readonly code: number; readonly text: string } {
    try {
      return { code: 0, text: auditveil(this.folder, 'doctor', '--config', this.config, ...args) };
    } catch (error) {
      const { status, stdout } = error as { readonly status?: number; readonly stdout?: string };
      return { code: status ?? -1, text: stdout ?? '' };
    }
  }
}
