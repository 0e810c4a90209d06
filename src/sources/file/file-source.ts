import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import type { Delivery, Source } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { LeftOut } from '../../core/left-out.ts';
import type { Secret } from '../../core/secret.ts';
import type { Framing } from '../frames/framer.ts';
import { InputFramer } from '../frames/input-framer.ts';
import { InFlight, tilesInFlight } from '../in-flight.ts';
import { openInput } from '../read-input.ts';
import { CheckpointStore } from './checkpoint-store.ts';
import { findFiles, isPattern, packedName, pathsOf, rotatedSiblings } from './find-files.ts';
import { FingerprintKey } from './fingerprint-key.ts';
import { type FileNotice, FollowedPath, type StartAt } from './followed-path.ts';
import type { Gap } from './gap.ts';
import { OpenFile, type ReadTile } from './open-file.ts';
import { NotFollowed, whyUnreadable } from './open-regular.ts';

const checkpointIntervalMs = 250;

/** `checkpoint-key`: the positions were kept under another key; files are known again by their inode alone, once. */
export type CheckpointNotice = 'checkpoint-failed' | 'checkpoint-damaged' | 'checkpoint-key';

export interface FileSourceOptions {
  readonly cluster: string;
  readonly name: string;
  /** A path, or a pattern in its last part. */
  readonly path: string;
  readonly startAt: StartAt;
  readonly follow: boolean;
  readonly pollIntervalMs: number;
  /** For what tells files apart: of a purpose of its own, and the same for as long as the positions are kept. */
  readonly key: Secret;
  /** Where the positions are kept; without it every start is a first one. */
  readonly checkpointFile: string | undefined;
  readonly clock: Clock;
  readonly tilesInFlight?: number;
  readonly notice: (notice: FileNotice | CheckpointNotice, path: string) => void;
  /** Told of what is no event and is left out. */
  readonly leftOut?: LeftOut;
  /** Told of bytes that were not read and cannot be any more. */
  readonly gap?: (gap: Gap) => void;
}

/**
 * Audit log files. At least once: the checkpoint of a file moves only after its events are in the log on disk, in
 * order. Follows rotation by rename and truncation; without `follow` it reads every file to its end, also gzip and
 * documents that span lines.
 */
export class FileSource implements Source {
  readonly #options: FileSourceOptions;
  readonly #store: CheckpointStore;
  readonly #key: FingerprintKey;
  readonly #inFlight: InFlight;
  readonly #followed = new Map<string, FollowedPath>();
  #watcher: FSWatcher | undefined;
  #wake: (() => void) | undefined;
  #saveTimer: NodeJS.Timeout | undefined;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    this.#inFlight = new InFlight(options.tilesInFlight ?? tilesInFlight);
    this.#key = new FingerprintKey(options.key);
    this.#store = new CheckpointStore(options.checkpointFile, this.#key);
  }

  /** @throws Fault E_SOURCE_NO_FILE where nothing matches and the source does not follow, E_SOURCE_UNREADABLE for a folder or a pipe */
  async open(): Promise<void> {
    const { path, notice } = this.#options;
    await this.#store.load();
    if (this.#store.damaged) notice('checkpoint-damaged', path);
    if (this.#store.otherKey) notice('checkpoint-key', path);
    // A ledger of an earlier version does not stay on disk.
    await this.#store.save().catch(() => notice('checkpoint-failed', path));
    await this.#checkPath();
    if (this.#options.follow) this.#watch();
  }

  /** What is no file stays none: that is said at once. */
  async #checkPath(): Promise<void> {
    const { path, follow } = this.#options;
    if ((await findFiles(path)).length > 0) return;
    const found = await stat(path).catch(() => undefined);
    if (found && !found.isFile()) throw unreadable(path, new NotFollowed(found.isDirectory() ? 'folder' : 'pipe'));
    if (!follow)
      throw new Fault(`${path}: there is no such file`, {
        code: 'E_SOURCE_NO_FILE',
        remedy: 'Check the path and its permissions.',
      });
  }

  async *deliveries(signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
    for (;;) {
      let handed = false;
      for await (const [path, read] of this.#options.follow ? this.#pollAll() : this.#readAll()) {
        await this.#inFlight.ready(signal);
        if (signal.aborted) return;
        yield this.#delivery(path, read);
        handed = true;
      }
      if (!this.#options.follow || signal.aborted) return;
      if (!handed) await this.#sleep(signal);
    }
  }

  async close(): Promise<void> {
    this.#watcher?.close();
    for (const followed of this.#followed.values()) await followed.close();
    clearTimeout(this.#saveTimer);
    // Positions that cannot be kept are no loss: events come again and are recognised.
    await this.#store.save().catch(() => this.#options.notice('checkpoint-failed', this.#options.path));
  }

  #delivery(path: string, read: ReadTile): Delivery {
    const { offset, file, tile } = read;
    const commit = offset === undefined ? undefined : () => this.#checkpoint(path, file, offset);
    const settle = this.#inFlight.track(commit, tile.bytes.buffer.byteLength);
    return {
      tile,
      settle: (outcome) => {
        read.recycle();
        settle(outcome);
      },
    };
  }

  #checkpoint(path: string, file: ReadTile['file'], offset: number): void {
    this.#store.of(path).advance(file, offset, path, this.#options.clock.nowMs());
    this.#saveSoon(path);
  }

  #saveSoon(path: string): void {
    this.#store.touch();
    this.#saveTimer ??= setTimeout(() => {
      this.#saveTimer = undefined;
      this.#store.save().catch(() => this.#options.notice('checkpoint-failed', path));
    }, checkpointIntervalMs);
  }

  async *#pollAll(): AsyncGenerator<readonly [string, ReadTile], void, undefined> {
    for (const path of await this.#pathsToFollow()) {
      let followed = this.#followed.get(path);
      if (!followed) {
        followed = this.#follow(path);
        this.#followed.set(path, followed);
      }
      for await (const read of followed.poll()) yield [path, read];
    }
  }

  #follow(path: string): FollowedPath {
    const isFirst = !this.#store.knows(path) && !this.#store.damaged;
    return new FollowedPath({
      ...this.#options,
      path,
      isFirst,
      key: this.#key,
      framing: this.#framing(path),
      ledger: this.#store.of(path),
      nowMs: () => this.#options.clock.nowMs(),
      changed: () => this.#saveSoon(path),
      keep: async () => {
        this.#store.touch();
        await this.#store.save().catch(() => this.#options.notice('checkpoint-failed', path));
      },
      gap: (gap) => this.#options.gap?.(gap),
    });
  }

  /**
   * A rotated file that the pattern matches too belongs to the file it was rotated from; so does a compressed one, whatever it
   * belongs to. Files that were followed before are, too, where they are gone: what is left of them may have another name.
   */
  async #pathsToFollow(): Promise<ReadonlySet<string>> {
    const { path: pattern } = this.#options;
    if (!isPattern(pattern)) return new Set([pattern]);
    const isPlain = (path: string): boolean => !packedName.test(path);
    const found = (await findFiles(pattern)).map(({ path }) => path).filter(isPlain);
    const known = new Set(this.#store.paths.filter(pathsOf(pattern)).filter(isPlain));
    const paths = new Set(found);
    for (const path of new Set([...known, ...found])) {
      const siblings = await rotatedSiblings(path).catch(() => undefined);
      for (const sibling of siblings ?? []) if (!known.has(sibling.path)) paths.delete(sibling.path);
      if (siblings?.length === 0 && !found.includes(path)) await this.#forget(path);
    }
    return new Set([...[...known].filter((path) => this.#store.knows(path)), ...paths]);
  }

  /** A file of a pattern that is gone with all it was rotated to, for long, will not come back. */
  async #forget(path: string): Promise<void> {
    const followed = this.#followed.get(path);
    if (!followed?.isOver()) return;
    await followed.close();
    this.#followed.delete(path);
    this.#store.forget(path);
  }

  async *#readAll(): AsyncGenerator<readonly [string, ReadTile], void, undefined> {
    for (const { path } of await findFiles(this.#options.path)) {
      const ledger = this.#options.startAt === 'beginning' ? undefined : this.#store.of(path);
      let resumes = false;
      const file = await OpenFile.open({ path, framing: this.#framing(path), key: this.#key }, (identity, bytes) => {
        const from = ledger?.from({ file: identity, bytes });
        resumes = from !== undefined;
        return from ?? 0;
      }).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (!file) continue;
      try {
        const reads = resumes || (await file.holdsLines()) ? restOf(file) : this.#whole(path, file);
        for await (const read of reads) yield [path, read];
      } finally {
        await file.close();
      }
    }
  }

  /** A whole file that is gzip or a document: there is no position inside, so its only checkpoint is its end. */
  async *#whole(path: string, file: OpenFile): AsyncGenerator<ReadTile, void, undefined> {
    const input = await openInput(path, Readable.from([]));
    const framer = new InputFramer(this.#framing(`${path} ${file.identity.device}:${file.identity.inode}`));
    let previous: ReadTile | undefined;
    for await (const tile of input.tiles(framer)) {
      if (previous) yield previous;
      previous = { tile, file: file.identity, offset: undefined, recycle: () => framer.recycle(tile) };
    }
    if (!previous) return;
    const isTorn = previous.tile.reasons[previous.tile.count - 1] !== 0;
    yield { ...previous, offset: isTorn ? undefined : input.readBytes() };
  }

  #framing(stream: string): Framing {
    const { cluster, name, clock, leftOut } = this.#options;
    return { context: { cluster, source: name, stream }, lists: 'split', nowUs: () => clock.nowMs() * 1000, leftOut };
  }

  #watch(): void {
    try {
      this.#watcher = watch(dirname(this.#options.path), { persistent: false }, () => this.#wake?.());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Only a hint: without it the poll interval alone decides.
    }
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, this.#options.pollIntervalMs);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
      this.#wake = done;
    });
    this.#wake = undefined;
  }
}

function unreadable(path: string, cause: unknown): unknown {
  const why = whyUnreadable(cause);
  if (why === undefined) return cause;
  const remedy = 'Name a file that this user may read, or a pattern such as folder/*.log.';
  return new Fault(`${path}: ${why}`, { code: 'E_SOURCE_UNREADABLE', remedy, cause });
}

async function* restOf(file: OpenFile): AsyncGenerator<ReadTile, void, undefined> {
  yield* file.read();
  yield* file.finish();
}
