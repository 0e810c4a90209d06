import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import type { LossReport } from '../log/loss-report.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import type { LogSealer } from '../proof/log-sealer.ts';

/** Nothing is deleted from a log before this reader of it has passed: before it is sealed. */
export const proofReader = 'proof';

export interface SealingOptions {
  readonly config: Config;
  readonly logs: Readonly<Record<'events' | 'findings', SegmentLog>>;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  readonly losses: { report(log: string, report: LossReport): void };
}

interface Sealed {
  readonly name: string;
  readonly log: SegmentLog;
  readonly sealer: LogSealer;
  /** The segment that took records when it was looked at last. */
  segment: number;
  nextMs: number;
}

/** A segment that was closed is looked for this often; all else only every `idleMs`. */
const lookMs = 200;
const idleMs = 10_000;

/**
 * Makes signed digests of both logs while they are written, aside from the work: what fails is said and tried again, and
 * never keeps an event out of the log.
 */
export class Sealing {
  readonly #options: SealingOptions;
  readonly #timer: NodeJS.Timeout;
  #opened: Promise<readonly Sealed[]>;
  #turn: Promise<void> = Promise.resolve();
  #busy = false;
  #said: string | undefined;

  constructor(options: SealingOptions) {
    this.#options = options;
    this.#opened = this.#open();
    this.#opened.catch((error: unknown) => this.#say(error));
    this.#timer = setInterval(() => void this.#tick(), lookMs).unref();
  }

  /** Seals all there is. Call it when nothing writes any more, before the logs are closed. Never rejects. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
    try {
      for (const { sealer } of await this.#opened) await sealer.finish();
    } catch (error) {
      this.#say(error);
    }
  }

  async #open(): Promise<readonly Sealed[]> {
    const { config, logs } = this.#options;
    const { loadOrCreateSigningKey } = await import('../crypto/signing-key.ts');
    const { signingKeyFile = `${config.log.directory}/signing.pem` } = config.log;
    const key = await loadOrCreateSigningKey(signingKeyFile, publicFileOf(signingKeyFile));
    const sealed: Sealed[] = [];
    for (const name of ['events', 'findings'] as const)
      sealed.push({ name, log: logs[name], sealer: await this.#sealer(name, key), segment: -1, nextMs: 0 });
    return sealed;
  }

  async #sealer(name: 'events' | 'findings', key: Parameters<typeof import('../proof/open-sealer.ts').openSealer>[0]['key']) {
    const { openSealer } = await import('../proof/open-sealer.ts');
    const { config, logs, clock, losses } = this.#options;
    const log = logs[name];
    const reader = await log.reader(proofReader);
    return openSealer({
      ...{ directory: `${config.log.directory}/${name}`, log: name, cluster: config.cluster.name, key, clock },
      everyMs: config.log.sealEveryMs,
      end: () => log.status().end,
      commit: (position) => reader.commit(position),
      spend: (action) => log.spendReserve(action),
      damaged: () => losses.report(name, { kind: 'damaged-digests', segment: 0, offset: 0, bytes: 0, records: 0 }),
    });
  }

  /** Cheap where nothing was closed: then it asks two numbers. */
  async #tick(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#turn = this.#look().finally(() => {
      this.#busy = false;
    });
    await this.#turn;
  }

  async #look(): Promise<void> {
    try {
      const nowMs = this.#options.clock.nowMs();
      for (const sealed of await this.#opened) {
        const { segment } = sealed.log.status().end;
        if (segment === sealed.segment && nowMs < sealed.nextMs) continue;
        await sealed.sealer.tick();
        Object.assign(sealed, { segment, nextMs: nowMs + idleMs });
      }
      this.#said = undefined;
    } catch (error) {
      this.#say(error);
    }
  }

  /** Once for each cause, however often it is tried. */
  #say(error: unknown): void {
    const { code = 'unknown', message = '' } = error as { readonly code?: string; readonly message?: string };
    if (code === this.#said) return;
    this.#said = code;
    const why = error instanceof Fault ? `${message} (${code}). ${error.remedy ?? ''}` : `(${code}); it is tried again`;
    this.#options.notice(`the logs could not be sealed: ${why}`);
  }
}

/** `signing.pem` → `signing.pub.pem`. */
function publicFileOf(file: string): string {
  return file.endsWith('.pem') ? `${file.slice(0, -'.pem'.length)}.pub.pem` : `${file}.pub.pem`;
}
