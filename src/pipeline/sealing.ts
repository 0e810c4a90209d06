import { EventEmitter, once } from 'node:events';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { adoptNextKey, formerPublicKeys, nextKeyFile, publicFileOf, readNextKey } from '../crypto/next-signing-key.ts';
import type { SigningKey } from '../crypto/signing-key.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import type { LogReader } from '../log/log-reader.ts';
import type { LossReport } from '../log/loss-report.ts';
import { comparePositions } from '../log/segment-list.ts';
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
  /** Told that a log is signed by a key that the one before did not introduce. */
  readonly keyReplaced?: (log: string, before: string) => void;
  /** Given signed notes about both logs as often as the configuration says. Rejects where they could not be kept. */
  readonly publish?: (notes: readonly string[]) => Promise<void>;
}

const logNames = ['events', 'findings'] as const;
type LogName = (typeof logNames)[number];

interface Sealed {
  readonly log: SegmentLog;
  readonly reader: LogReader;
  readonly sealer: LogSealer;
  /** The segment that took records when it was looked at last. */
  segment: number;
  /** How many there were: fewer where some were deleted, which is told at once. */
  segments: number;
  nextMs: number;
}

/** Segments that were closed or deleted are looked for this often; all else only every `idleMs`. */
const lookMs = 200;
/** A key that waits to take over is looked for this often. */
const nextKeyMs = 1_000;
const idleMs = 10_000;
/** What failed is tried again after this. */
const retryMs = 2_000;

/**
 * Makes signed digests of both logs while they are written, aside from the work: what fails is said and tried again. A log
 * that needs room waits for the seal of its oldest segment, and is full only where that cannot be made.
 */
export class Sealing {
  readonly #options: SealingOptions;
  readonly #timer: NodeJS.Timeout;
  /** Those opened so far, in the order of `logNames`. */
  readonly #sealed: Sealed[] = [];
  /** Looks come one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #retryAtMs = 0;
  #nextKeyAtMs = 0;
  #publishAtMs = 0;
  /** A key that took over but could not be moved to its place (a mount that is only read). */
  #unmoved = false;
  #said: string | undefined;

  constructor(options: SealingOptions) {
    this.#options = options;
    void this.#inTurn(() => this.#open());
    this.#timer = setInterval(() => {
      if (this.#waiting === 0) void this.#inTurn(() => this.#look());
    }, lookMs).unref();
  }

  /** Seals all there is. Call it when nothing writes any more, before the logs are closed. Never rejects. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
    this.#retryAtMs = 0;
    await this.#inTurn(async () => {
      for (const { sealer } of this.#sealed) await sealer.finish();
    });
    for (const { reader } of this.#sealed) await reader.close();
  }

  /** Never rejects: what fails is said. */
  #inTurn(action: () => Promise<void>): Promise<void> {
    this.#waiting++;
    this.#turn = this.#turn.then(async () => {
      try {
        if (this.#options.clock.nowMs() < this.#retryAtMs) return;
        await action();
        this.#said = undefined;
      } catch (error) {
        this.#retryAtMs = this.#options.clock.nowMs() + retryMs;
        this.#say(error);
      } finally {
        this.#waiting--;
      }
    });
    return this.#turn;
  }

  get #keyFile(): string {
    const { directory, signingKeyFile = `${directory}/signing.pem` } = this.#options.config.log;
    return signingKeyFile;
  }

  async #open(): Promise<void> {
    if (this.#sealed.length === logNames.length) return;
    const { logs } = this.#options;
    const { loadOrCreateSigningKey } = await import('../crypto/signing-key.ts');
    const key = await loadOrCreateSigningKey(this.#keyFile, publicFileOf(this.#keyFile));
    const nextKey = await readNextKey(this.#keyFile);
    for (const name of logNames.slice(this.#sealed.length))
      this.#sealed.push({
        log: logs[name],
        ...(await this.#sealer(name, { key, nextKey })),
        segment: -1,
        segments: 0,
        nextMs: 0,
      });
  }

  /** Lets a key take over that somebody put beside the one in force. */
  async #takeNextKey(nowMs: number): Promise<void> {
    if (nowMs < this.#nextKeyAtMs || this.#unmoved) return;
    this.#nextKeyAtMs = nowMs + nextKeyMs;
    if ((await nodeFileSystem.stat(nextKeyFile(this.#keyFile))) === undefined) return;
    const next = await readNextKey(this.#keyFile);
    if (!next) return;
    for (const { sealer } of this.#sealed) await sealer.introduce(next);
    try {
      await adoptNextKey(this.#keyFile);
    } catch (error) {
      this.#unmoved = true;
      const { code = 'unknown' } = error as { readonly code?: string };
      this.#options.notice(
        `the next signing key signs now, but could not be moved to ${this.#keyFile} (${code}): move it there before the next start`,
      );
    }
  }

  async #sealer(
    name: LogName,
    keys: { readonly key: SigningKey; readonly nextKey: SigningKey | undefined },
  ): Promise<Pick<Sealed, 'reader' | 'sealer'>> {
    const { openSealer } = await import('../proof/open-sealer.ts');
    const { config, logs, clock, losses, keyReplaced } = this.#options;
    const log = logs[name];
    const commits = new EventEmitter();
    const reader: LogReader = await log.reader(proofReader, { hurry: () => this.#hurry(reader, commits) });
    try {
      const sealer = await openSealer({
        ...{ directory: `${config.log.directory}/${name}`, log: name, cluster: config.cluster.name, ...keys, clock },
        everyMs: config.log.sealEveryMs,
        end: () => log.status().end,
        commit: async (position) => {
          await reader.commit(position);
          commits.emit('commit');
        },
        spend: (action) => log.spendReserve(action),
        damaged: () => losses.report(name, { kind: 'damaged-digests', segment: 0, offset: 0, bytes: 0, records: 0 }),
        replaced: (before) => keyReplaced?.(name, before),
      });
      return { reader, sealer };
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** Until one more segment is sealed. A look that is under way may have begun before there was one: another follows it. */
  async #hurry(reader: LogReader, commits: EventEmitter): Promise<boolean> {
    const before = reader.committed;
    const over = new AbortController();
    const committed = once(commits, 'commit', { signal: over.signal }).catch(() => undefined);
    await Promise.race([committed, this.#inTurn(() => this.#look())]);
    over.abort();
    return comparePositions(reader.committed, before) > 0;
  }

  /** How far a log has come, signed; undefined where nothing is yet. */
  checkpoint(log: string): string | undefined {
    return this.#sealed[logNames.indexOf(log as LogName)]?.sealer.checkpoint();
  }

  /** Keys that sign or signed, PEM, as they stand beside the key. */
  async publicPems(): Promise<readonly string[]> {
    const { readSigningKey } = await import('../crypto/signing-key.ts');
    const keys = await Promise.all([readSigningKey(this.#keyFile), readNextKey(this.#keyFile)]);
    return [...keys.flatMap((key) => (key ? [key.publicPem] : [])), ...(await formerPublicKeys(this.#keyFile))];
  }

  async #publish(nowMs: number): Promise<void> {
    const { everyMs } = this.#options.config.log.checkpoints ?? {};
    if (everyMs === undefined || nowMs < this.#publishAtMs) return;
    const notes = logNames.map((name) => this.checkpoint(name)).filter((note) => note !== undefined);
    if (notes.length === 0) return;
    await this.#options.publish?.(notes);
    this.#publishAtMs = nowMs + everyMs;
  }

  /** Cheap where nothing was closed or deleted: then it asks a few numbers. */
  async #look(): Promise<void> {
    await this.#open();
    const nowMs = this.#options.clock.nowMs();
    await this.#takeNextKey(nowMs);
    for (const sealed of this.#sealed) {
      const { end, segments } = sealed.log.status();
      if (end.segment === sealed.segment && segments === sealed.segments && nowMs < sealed.nextMs) continue;
      await sealed.sealer.tick();
      Object.assign(sealed, { segment: end.segment, segments, nextMs: nowMs + idleMs });
    }
    await this.#publish(nowMs);
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
