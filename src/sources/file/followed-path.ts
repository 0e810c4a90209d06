import { stat } from 'node:fs/promises';
import type { Framing } from '../frames/framer.ts';
import type { FingerprintKey } from './fingerprint-key.ts';
import type { Gap } from './gap.ts';
import { OpenFile, type ReadTile } from './open-file.ts';
import { NotFollowed, whyUnreadable } from './open-regular.ts';
import type { LedgerEntry, PathLedger, SeenFile } from './path-ledger.ts';
import { type Rotated, RotatedFiles } from './rotated-files.ts';

export type StartAt = 'checkpoint' | 'beginning' | 'end';

/** What happened to a followed file; counted and shown by whoever runs the source. */
export type FileNotice =
  | 'rotated'
  | 'truncated'
  | 'rotated-while-away'
  | 'rotated-file-missing'
  | 'unreadable'
  | 'packed-otherwise';

/** A renamed file is read on until nothing was added to it for this long: who writes it may not know of the new name yet. */
const drainMs = 5_000;
/** A file without a name may still be written to, by whoever has it open; after this long without a byte it is let go. */
const removedMs = 10 * 60_000;
/** Renamed files that are read on at once. */
const drainedAtMost = 8;

export interface FollowOptions {
  readonly path: string;
  readonly framing: Framing;
  readonly key: FingerprintKey;
  readonly startAt: StartAt;
  readonly ledger: PathLedger;
  /** The path was never followed: files that were rotated before are not ours. */
  readonly isFirst: boolean;
  readonly nowMs: () => number;
  /** The ledger was changed; kept with the next positions. */
  readonly changed: () => void;
  /** Makes the ledger durable, before anything is read: from then on files are found again under any name. */
  readonly keep: () => Promise<void>;
  readonly notice: (notice: FileNotice, path: string) => void;
  readonly gap: (gap: Gap) => void;
}

interface Draining {
  readonly file: OpenFile;
  readAtMs: number;
}

/**
 * One name that a log file has, followed over rotation by rename and by copying, over truncation, and over times when
 * this process did not run. The ledger knows every file the log consisted of; what it does not know is new.
 */
export class FollowedPath {
  readonly #options: FollowOptions;
  readonly #rotated: RotatedFiles;
  readonly #draining: Draining[] = [];
  #current: OpenFile | undefined;
  /** When something was read of it last. */
  #readAtMs = 0;
  #hasLooked = false;
  #started = false;
  #isAccounted = false;
  #isRefused = false;

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#rotated = new RotatedFiles(options);
  }

  /** Everything there is to read now. What the system does not let us read now is said, and tried again with the next look. */
  async *poll(): AsyncGenerator<ReadTile, void, undefined> {
    const { notice, path } = this.#options;
    try {
      yield* this.#look();
      this.#isRefused = false;
    } catch (error) {
      const why = whyUnreadable(error);
      if (why === undefined) throw error;
      await this.#current?.close().catch(() => undefined);
      this.#current = undefined;
      if (!this.#isRefused) notice('unreadable', `${path}: ${why}`);
      this.#isRefused = true;
    }
  }

  async *#look(): AsyncGenerator<ReadTile, void, undefined> {
    if (!this.#started) yield* this.#start();
    yield* this.#drain();
    for (;;) {
      if (await this.#rotated.mayHaveChanged()) yield* this.#readRotated();
      this.#current ??= await this.#open();
      const file = this.#current;
      if (!file) return;
      if (await file.isRewritten()) yield* this.#restart(file);
      yield* this.#read(file);
      if (await this.#isRenamed(file)) this.#options.notice('rotated', file.path);
      else if (!(await this.#isLeft(file))) return;
      yield* file.read();
      this.#draining.push({ file, readAtMs: this.#options.nowMs() });
      this.#current = undefined;
      yield* this.#readRotated();
    }
  }

  async *#read(file: OpenFile): AsyncGenerator<ReadTile, void, undefined> {
    for await (const read of file.read()) {
      this.#readAtMs = this.#options.nowMs();
      yield read;
    }
  }

  /** Whether nothing of it was open for long. */
  isOver(): boolean {
    const { nowMs } = this.#options;
    return this.#started && this.#openFiles().length === 0 && Math.abs(nowMs() - this.#readAtMs) >= removedMs;
  }

  async close(): Promise<void> {
    for (const file of this.#openFiles()) await file.close();
    this.#current = undefined;
    this.#draining.length = 0;
  }

  #openFiles(): readonly OpenFile[] {
    return [...this.#draining.map(({ file }) => file), ...(this.#current ? [this.#current] : [])];
  }

  /** Whether the name now belongs to another file. While it belongs to none, the old one may still be written to. */
  async #isRenamed(file: OpenFile): Promise<boolean> {
    return (await exists(this.#options.path)) && !(await file.hasName(this.#options.path));
  }

  /** Whether it was removed and nobody writes to it: as long as it is open its space is not free. */
  async #isLeft(file: OpenFile): Promise<boolean> {
    return Math.abs(this.#options.nowMs() - this.#readAtMs) >= removedMs && (await file.isRemoved());
  }

  async #open(): Promise<OpenFile | undefined> {
    const { path, ledger, changed, nowMs } = this.#options;
    const file = await openLines(this.#options, (identity, bytes) => ledger.from({ file: identity, bytes }) ?? 0);
    if (!file) return undefined;
    this.#readAtMs = nowMs();
    if (file.taken === 0) ledger.begin(file.identity, 0, path);
    else ledger.advance(file.identity, 0, path);
    changed();
    return file;
  }

  /** Files that nobody has read: what came and went between two looks, or while this process did not run. */
  async *#readRotated(): AsyncGenerator<ReadTile, void, undefined> {
    const files = await this.#rotated.list();
    if (!this.#isAccounted) this.#account(files, this.#current, this.#openFiles());
    yield* this.#rotated.read(files, (file) => this.#isOpen(file));
    // While the log itself is away so may be the rest of it: what is forgotten would be read again.
    if (this.#rotated.isComplete && this.#current && (await exists(this.#options.path)))
      this.#options.ledger.prune([...files, ...this.#openFiles().map(seenOf)]);
  }

  /** Held open here, or a copy in the making of what is. */
  #isOpen({ file }: Rotated): boolean {
    return this.#openFiles().some(
      ({ identity }) =>
        (identity.device === file.device && identity.inode === file.inode) ||
        (identity.fingerprint !== undefined && identity.fingerprint === file.fingerprint),
    );
  }

  async *#drain(): AsyncGenerator<ReadTile, void, undefined> {
    const now = this.#options.nowMs();
    for (const one of [...this.#draining]) {
      try {
        yield* this.#drainOne(one, now);
      } catch (error) {
        if (whyUnreadable(error) === undefined) throw error;
        // What is left of it is tried under its new name.
        await this.#drop(one);
      }
    }
  }

  async *#drainOne(one: Draining, now: number): AsyncGenerator<ReadTile, void, undefined> {
    if (await one.file.isRewritten()) yield* this.#restart(one.file);
    for await (const read of one.file.read()) {
      one.readAtMs = now;
      yield read;
    }
    const isOver = Math.abs(now - one.readAtMs) >= drainMs || this.#draining.length > drainedAtMost;
    if (isOver) yield* this.#end(one);
  }

  async *#end(one: Draining): AsyncGenerator<ReadTile, void, undefined> {
    const { ledger, changed } = this.#options;
    const { file } = one;
    yield* file.finish(true);
    ledger.end(file.identity, { taken: file.taken, bytes: file.readBytes }, file.path);
    changed();
    await this.#drop(one);
  }

  async #drop(one: Draining): Promise<void> {
    this.#draining.splice(this.#draining.indexOf(one), 1);
    await one.file.close();
  }

  /** The file was cut: what was not read of it may stand in a copy. */
  async *#restart(file: OpenFile): AsyncGenerator<ReadTile, void, undefined> {
    const { ledger, changed, notice, gap, path } = this.#options;
    const seen = seenOf(file);
    const { taken } = file;
    notice('truncated', path);
    const hasCopy = yield* this.#rotated.copyOf(seen, taken);
    if (!hasCopy) {
      yield* file.finish(true);
      gap({ kind: 'truncated', path, from: taken, to: undefined });
      ledger.end(seen.file, { taken: file.taken, bytes: file.readBytes }, path);
    }
    await file.restart();
    ledger.begin(file.identity, 0, path);
    changed();
  }

  async *#start(): AsyncGenerator<ReadTile, void, undefined> {
    const { isFirst, startAt, ledger, path, keep, nowMs } = this.#options;
    await this.#rotated.mayHaveChanged();
    const files = await this.#rotated.list();
    if (isFirst && !this.#hasLooked) for (const file of files) ledger.ignore(file, file.found.path);
    this.#hasLooked = true;
    for (const file of files) ledger.recognise(file);
    const file = await openLines(this.#options, (identity, bytes) => {
      if (startAt === 'beginning') return 0;
      return ledger.from({ file: identity, bytes }) ?? (startAt === 'end' && isFirst ? bytes : 0);
    });
    try {
      if (!isFirst) yield* this.#catchUp(files, file);
      if (file) ledger.begin(file.identity, file.taken, path);
      this.#options.changed();
      await keep();
    } catch (error) {
      await file?.close();
      throw error;
    }
    this.#started = true;
    this.#isAccounted ||= isFirst;
    this.#readAtMs = nowMs();
    this.#current = file;
  }

  /** What was rotated while nobody looked, and what is gone. */
  async *#catchUp(files: readonly Rotated[], current: OpenFile | undefined): AsyncGenerator<ReadTile, void, undefined> {
    const { ledger, notice, path } = this.#options;
    const isCurrent = ({ file }: Rotated): boolean =>
      current !== undefined && file.inode === current.identity.inode && file.device === current.identity.device;
    const left = files.filter((file) => !isCurrent(file) && !ledger.isDone(file));
    this.#account(files, current, current ? [current] : []);
    if (left.length > 0) notice('rotated-while-away', path);
    yield* this.#rotated.read(left, () => false);
  }

  /** Says what is gone, once it is known what is there. */
  #account(files: readonly Rotated[], current: OpenFile | undefined, openFiles: readonly OpenFile[]): void {
    if (!this.#rotated.isComplete) return;
    const { ledger, notice, gap, path } = this.#options;
    this.#isAccounted = true;
    for (const entry of ledger.takeMissing([...files, ...openFiles.map(seenOf)])) {
      const isCut = current !== undefined && isShorter(current, entry);
      notice(isCut ? 'truncated' : 'rotated-file-missing', path);
      gap({ kind: isCut ? 'truncated' : 'missing', path: entry.path, from: entry.offset, to: undefined });
    }
  }
}

/** The same file with less in it. One with another first line may as well be a new file that got the inode of the old one. */
function isShorter({ identity }: OpenFile, { file }: LedgerEntry): boolean {
  const isOne = identity.inode === file.inode && identity.device === file.device;
  return isOne && (identity.fingerprint === undefined || identity.fingerprint === file.fingerprint);
}

async function openLines(...arguments_: Parameters<typeof OpenFile.open>): Promise<OpenFile | undefined> {
  const file = await OpenFile.open(...arguments_);
  try {
    if (await file?.isCompressed()) throw new NotFollowed('packed');
    return file;
  } catch (error) {
    await file?.close();
    throw error;
  }
}

function seenOf(file: OpenFile): SeenFile {
  return { file: file.identity, bytes: file.sizeBytes };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
