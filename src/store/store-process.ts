import { type ChildProcess, fork } from 'node:child_process';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { type FromStore, faultOf, type ToStore } from './store-messages.ts';

export interface StoreProcessOptions {
  /** Data folder of the agent. */
  readonly dataDirectory: string;
  readonly notice: (text: string) => void;
  /** A process that nobody asked anything for so long is ended. */
  readonly idleMs?: number;
  /** `scan`: as if there were no DuckDB. */
  readonly engine?: 'scan';
  /** For tests: another program. */
  readonly program?: URL;
}

interface Asked {
  readonly answer: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
  readonly part: ((value: unknown) => Promise<void> | void) | undefined;
}

const program = new URL('./store-worker.js', import.meta.url);
/** One that is told to stop and does not is killed. */
const stopMs = 5_000;

/**
 * A process of its own that answers questions, so that neither their work nor their memory nor their crashes touch this one. It is
 * started by the first question, ended when idle, and started anew when it died.
 */
export class StoreProcess {
  readonly #options: StoreProcessOptions;
  readonly #asked = new Map<number, Asked>();
  readonly #said = new Set<string>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closed = false;

  constructor(options: StoreProcessOptions) {
    this.#options = options;
  }

  /** Id of the process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * @param part told of each part of a long answer; the next one comes once it has resolved
   * @throws Fault of the question; E_STORE_PROCESS, retryable, where the process died; the reason of `signal`
   */
  async ask(
    method: string,
    args: readonly unknown[],
    signal: AbortSignal,
    part?: (value: unknown) => Promise<void> | void,
  ): Promise<unknown> {
    signal.throwIfAborted();
    if (this.#closed) throw stoppedFault();
    clearTimeout(this.#idle);
    this.#child ??= this.#start();
    const child = this.#child;
    const id = ++this.#lastId;
    let killing: NodeJS.Timeout | undefined;
    const stop = (): void => {
      tell(child, { type: 'stop', id });
      killing = setTimeout(() => child.kill('SIGKILL'), stopMs).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await new Promise((answer, failed) => {
        this.#asked.set(id, { answer, failed, part });
        tell(child, { type: 'ask', id, method, args });
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      clearTimeout(killing);
      this.#asked.delete(id);
      this.#rest();
    }
  }

  /** What has no answer yet fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    const killing = setTimeout(() => child.kill('SIGKILL'), stopMs);
    if (child.connected) child.disconnect();
    else child.kill('SIGKILL');
    await ended;
    clearTimeout(killing);
  }

  /** It need not keep this process alive when nobody waits for it. */
  #rest(): void {
    if (this.#asked.size > 0 || this.#closed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#dismiss(), this.#options.idleMs ?? limits.storeIdleMs).unref();
    this.#child?.channel?.unref();
  }

  #dismiss(): void {
    const child = this.#child;
    this.#child = undefined;
    if (child?.connected) child.disconnect();
  }

  #start(): ChildProcess {
    const { dataDirectory, engine } = this.#options;
    const child = fork(this.#options.program ?? program, [dataDirectory, ...(engine ? [engine] : [])], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [
        `--max-old-space-size=${limits.storeHeapBytes / 1024 / 1024}`,
        `--max-semi-space-size=${limits.storeNewBytes / 1024 / 1024}`,
      ],
      // Nothing of the environment is its business: it may hold secrets of sinks.
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'] },
    });
    child.unref();
    child.on('message', (message: FromStore) => void this.#hear(child, message));
    child.on('error', () => this.#ended(child, 'it could not be started'));
    child.on('disconnect', () => {
      if (this.#child === child) this.#child = undefined;
    });
    child.on('exit', (code, signal) => this.#ended(child, `it ended with ${signal ?? `code ${code}`}`));
    return child;
  }

  async #hear(child: ChildProcess, message: FromStore): Promise<void> {
    if (message.type === 'notice') {
      if (!this.#said.has(message.text)) this.#options.notice(message.text);
      this.#said.add(message.text);
      return;
    }
    const asked = this.#asked.get(message.id);
    if (message.type === 'answer') asked?.answer(message.value);
    else if (message.type === 'fault') asked?.failed(faultOf(message.fault));
    else {
      try {
        await asked?.part?.(message.value);
        tell(child, { type: 'more', id: message.id });
      } catch (error) {
        asked?.failed(error);
        tell(child, { type: 'stop', id: message.id });
      }
    }
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child === child) this.#child = undefined;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { failed } of asked) failed(this.#closed ? stoppedFault() : diedFault(how));
  }
}

function tell(child: ChildProcess, message: ToStore): void {
  if (!child.connected) return;
  if (message.type === 'ask') child.channel?.ref();
  child.send(message, () => undefined);
}

function diedFault(how: string): Fault {
  return new Fault(`the process that answers questions is gone: ${how}`, {
    code: 'E_STORE_PROCESS',
    retryable: true,
    remedy: 'Ask again; where it happens again, ask about a shorter time: the question may need more memory than there is.',
  });
}

function stoppedFault(): Fault {
  return new Fault('no more questions are answered', { code: 'E_STORE_STOPPED', retryable: true });
}
