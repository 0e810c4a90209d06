import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { TimeRange } from '../core/event-store.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { DictionaryCache } from '../log/dictionary-cache.ts';
import { segmentHeaderBytes } from '../log/segment-header.ts';
import { isGone } from '../log/segment-list.ts';
import type { ScratchFolder } from './scratch-folder.ts';
import { encodeHeads, makeSidecar, putFile, sidecarName, sidecarNumber } from './sidecar.ts';
import { type StoredSegment, StoredSegments } from './stored-segments.ts';

export interface HeadFilesOptions {
  /** Which events are meant, by event time; absent: all. */
  readonly range?: TimeRange;
  readonly signal: AbortSignal;
  /** Bytes of segments that may be read for want of sidecars. Absent: as many as there are. */
  readonly mostBytes?: number;
  /** Told before each sidecar that has to be made first. */
  readonly progress?: (made: number, missing: number) => void;
}

/** What is known of the segment that takes records. */
interface OpenSegment {
  readonly number: number;
  readonly dictionaries: DictionaryCache;
  readonly pieces: string[];
  end: number;
}

/**
 * The Parquet files with the heads of all events of a log: sidecars, those that are missing, which are made first, and pieces of the
 * segment that takes records.
 */
export class HeadFiles {
  readonly #segments: StoredSegments;
  readonly #scratch: ScratchFolder;
  readonly #making = new Map<number, Promise<string>>();
  #open: OpenSegment | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #pieces = 0;

  constructor(directory: string, scratch: ScratchFolder) {
    this.#segments = new StoredSegments(directory);
    this.#scratch = scratch;
  }

  /** Paths, oldest events first. @throws Fault E_STORE_WORK */
  async list(options: HeadFilesOptions): Promise<readonly string[]> {
    const { range, signal, mostBytes = Number.POSITIVE_INFINITY, progress } = options;
    const sinceMs = (range?.sinceMs ?? Number.NEGATIVE_INFINITY) - limits.clockAheadMs;
    const segments = (await this.#segments.list()).filter(({ endedAtMs }) => endedAtMs >= sinceMs);
    const sidecars = new Set((await namesIn(this.#segments.directory)).flatMap((name) => sidecarNumber(name) ?? []));
    const missing = segments.filter(({ number, isClosed }) => isClosed && !sidecars.has(number));
    const bytes = missing.reduce((sum, segment) => sum + segment.bytes, 0);
    if (bytes > mostBytes) throw notYetFault(missing.length);
    const made = new Map<number, string>();
    for (const [index, segment] of missing.entries()) {
      progress?.(index, missing.length);
      const file = await this.#make(segment, signal);
      if (file !== undefined) made.set(segment.number, file);
    }
    const closed = segments
      .filter(({ isClosed }) => isClosed)
      .flatMap(({ number }) =>
        sidecars.has(number) ? join(this.#segments.directory, sidecarName(number)) : (made.get(number) ?? []),
      );
    const last = segments.at(-1);
    return last && !last.isClosed ? [...closed, ...(await this.#readOpen(last, signal))] : closed;
  }

  /** The payload of the event that stands there. */
  payloadAt(segment: number, offset: number): Promise<string | undefined> {
    return this.#segments.payloadAt(segment, offset);
  }

  /** Beside its segment, or, where that cannot be written to, for this process alone. */
  #make(segment: StoredSegment, signal: AbortSignal): Promise<string> | undefined {
    const known = this.#making.get(segment.number);
    if (known) return known;
    const making = makeSidecar(this.#segments, segment, signal).then(
      () => join(this.#segments.directory, sidecarName(segment.number)),
      async (error: unknown) => {
        signal.throwIfAborted();
        if (!cannotWrite(error)) throw error;
        const { bytes } = await encodeHeads(this.#segments, segment, { signal });
        await putFile(this.#scratch.path, sidecarName(segment.number), bytes);
        return join(this.#scratch.path, sidecarName(segment.number));
      },
    );
    this.#making.set(segment.number, making);
    making
      .catch(() => undefined)
      .then(() => this.#forget(segment.number, making))
      .catch(() => undefined);
    return making;
  }

  /** What is beside its segment is found there; what failed is tried again. */
  async #forget(segment: number, making: Promise<string>): Promise<void> {
    const path = await making.catch(() => undefined);
    if (path === undefined || path.startsWith(this.#segments.directory)) this.#making.delete(segment);
  }

  /** One after the other: each goes on where the one before ended. */
  #readOpen(segment: StoredSegment, signal: AbortSignal): Promise<readonly string[]> {
    const result = this.#turn.then(() => this.#continue(segment, signal));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #continue(segment: StoredSegment, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#open && (this.#open.number !== segment.number || this.#open.pieces.length >= limits.openSegmentPieces)) {
      for (const piece of this.#open.pieces) await unlink(piece).catch(() => undefined);
      this.#open = undefined;
    }
    this.#open ??= { number: segment.number, dictionaries: new DictionaryCache(), pieces: [], end: segmentHeaderBytes };
    const open = this.#open;
    if (segment.bytes > open.end) {
      const { dictionaries, end: from } = open;
      const { bytes, rows, end } = await encodeHeads(this.#segments, segment, { signal, from, dictionaries });
      const name = `open-${segment.number}-${++this.#pieces}.parquet`;
      if (rows > 0) {
        await putFile(this.#scratch.path, name, bytes);
        open.pieces.push(join(this.#scratch.path, name));
      }
      open.end = end;
    }
    return [...open.pieces];
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

const cannotWrite = (error: unknown): boolean =>
  ['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT', 'E_STORE_ROOM'].includes((error as { readonly code?: string }).code ?? '');

function notYetFault(missing: number): Fault {
  return new Fault(`${missing} segments of that time have no file yet that makes questions quick`, {
    code: 'E_STORE_WORK',
    retryable: true,
    remedy: 'The agent makes them, newest first; ask about a shorter time meanwhile, or let `auditveil query` make them now.',
  });
}
