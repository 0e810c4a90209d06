import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import { builtinRules } from '../findings/builtin.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import type { LogVerification } from '../proof/verify-log.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';

export interface SelfVerifyOptions {
  readonly config: { readonly log: { readonly directory: string; readonly verifyEveryMs: number } };
  readonly clock: Clock;
  readonly place: () => OwnFindingPlace;
  /** How far a log has come as this process knows it, signed; undefined where nothing is. */
  readonly checkpoint: (log: string) => string | undefined;
  /** Public keys that signed, PEM. */
  readonly publicPems: () => Promise<readonly string[]>;
  readonly add: (finding: Finding, text: string) => void;
  readonly note: (details: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** After a start: soon enough that somebody who restarts it now and then has it done too. */
const firstAfterMs = 10 * 60 * 1000;
/** An agent that deletes a segment says so this soon. */
const settleMs = 5_000;
const namedAtMost = 16;

/**
 * Verifies the agent's own logs now and then, slowly, against their digests and against what this process itself knows of the chain: a
 * history that was replaced on disk is seen too. What is wrong is a finding, what was done a note (PCI DSS 10.3.4).
 */
export class SelfVerify {
  readonly #options: SelfVerifyOptions;
  readonly #stop = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(options: SelfVerifyOptions) {
    this.#options = options;
  }

  start(): void {
    const { verifyEveryMs } = this.#options.config.log;
    this.#timers.push(setTimeout(() => this.#begin(), Math.min(firstAfterMs, verifyEveryMs)).unref());
    this.#timers.push(setInterval(() => this.#begin(), verifyEveryMs).unref());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stop.abort();
    await this.#running;
  }

  #begin(): void {
    this.#running = this.#running.then(() => this.run()).catch(() => undefined);
  }

  /** Both logs once. Rejects where they cannot be read, or when it is stopped. */
  async run(): Promise<void> {
    const { verifyLog } = await import('../proof/verify-log.ts');
    const { readCheckpoints } = await import('../proof/signed-note.ts');
    const { config, checkpoint, publicPems, note } = this.#options;
    const done: Pick<LogVerification, 'log' | 'digests' | 'segments' | 'records' | 'bytes'>[] = [];
    for (const log of ['events', 'findings']) {
      const known = checkpoint(log);
      if (known === undefined) continue;
      const result = await verifyLog({
        ...{ fs: nodeFileSystem, directory: `${config.log.directory}/${log}`, log, publicPems: await publicPems() },
        checkpoint: readCheckpoints(known)?.[0],
        settle: () => this.#wait(settleMs),
        pace: (bytes) => this.#wait((bytes / limits.verifyBytesPerSecond) * 1000),
      });
      if (result.problems.length > 0) this.#say(result);
      const { digests, segments, records, bytes } = result;
      done.push({ log, digests, segments, records, bytes });
    }
    if (done.length > 0) await note({ note: 'logs-verified', logs: done });
  }

  async #wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal, ref: false });
  }

  #say({ log, problems }: LogVerification): void {
    const { place, add } = this.#options;
    const [first] = problems;
    const evidence = {
      'log.name': [log],
      'log.changed': problems.slice(0, namedAtMost).map((problem) => `${problem.place}: ${problem.what}`),
      'log.places': [String(problems.length)],
      'log.remedy': [
        'Look with `auditveil verify`, compare with a checkpoint kept elsewhere, and find out who writes to that folder.',
      ],
    };
    const name = `log-changed ${log} ${first?.kind} ${first?.place}`;
    add(ownFinding(builtinRules.logChanged, name, evidence, place()), `the ${log} log is NOT as it was signed: ${first?.place}`);
  }
}
