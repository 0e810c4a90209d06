import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuSeconds } from '../../bench/process-usage.ts';
import type { KillPlace } from './kill-load.ts';

export const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** `auditveil run`, and the end of what it said on standard error, for when it fails. */
export class KillAgent {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  readonly #startedMs = Date.now();
  readonly #events: string;
  #said = '';

  constructor(place: KillPlace, args: readonly string[]) {
    this.#events = path.join(place.data, 'events');
    const env = { ...process.env, XDG_STATE_HOME: path.join(place.directory, 'state'), NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [main, 'run', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = (this.#said + chunk.toString('utf8')).slice(-2000);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get said(): string {
    return this.#said;
  }

  /** Whether it ends by itself within the time. */
  endsWithin(milliseconds: number): Promise<boolean> {
    return Promise.race([this.#ended.then(() => true), sleep(milliseconds, false)]);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to stop. @throws Error where it does not end cleanly */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const code = await this.#ended;
    if (code !== 0) throw new Error(`the agent did not stop cleanly (exit ${code}):\n${this.#said}`);
  }

  /** Resolves once the events log grows by more than a new segment's header; false where it ends before. */
  async writes(): Promise<boolean> {
    for (let before = Number.POSITIVE_INFINITY; ; ) {
      const bytes = bytesIn(this.#events);
      if (bytes - before > 256) return true;
      before = bytes;
      if (await this.endsWithin(10)) return false;
    }
  }

  /** Resolves once it accepts a connection; undefined where it ends before. */
  async ready(address: string): Promise<ReadyTime | undefined> {
    const [host = '', port = ''] = address.split(':');
    for (;;) {
      if (await accepts(host, Number(port))) return { wallMs: Date.now() - this.#startedMs, cpuMs: cpuMs(this.#child.pid ?? 0) };
      if (await this.endsWithin(10)) return undefined;
    }
  }
}

/** Time since the start of the process. The second is what it would be on a machine with nothing else to do. */
export interface ReadyTime {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** 0 on systems that do not tell. */
function cpuMs(pid: number): number {
  try {
    return Math.round(1000 * cpuSeconds(pid));
  } catch {
    return 0;
  }
}

/** Of the segments in a folder; 0 where there is none. */
function bytesIn(folder: string): number {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.seg'));
    return names.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  } catch {
    return 0;
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
