import { limits } from '../../core/limits.ts';

/** A line that a container runtime cut into parts, put together again. */
export interface JoinedLine {
  readonly bytes: Buffer;
  /** Offset in the stream of the first part. */
  readonly offset: number;
  /** What of the prefixes of the parts may stand in an output. */
  readonly kept: string;
  readonly isTooBig: boolean;
}

interface Pending {
  readonly offset: number;
  parts: Buffer[];
  bytes: number;
  kept: string;
  isTooBig: boolean;
}

/** Kept of a line over the limit, so that its stub can name the event. */
const headBytes = 64 * 1024;
/** Prefixes of the parts of one line; at 16 KiB a part the longest line has four thousand. */
const keptCharacters = 512 * 1024;

/** Joins the parts of lines, per output stream: the two streams of a container stand between each other. */
export class PartialLines {
  readonly #pending = new Map<string, Pending>();

  /** Offset of the first byte that is in no complete line yet. */
  get firstOffset(): number | undefined {
    let first: number | undefined;
    for (const { offset } of this.#pending.values()) first = Math.min(first ?? offset, offset);
    return first;
  }

  has(stream: string): boolean {
    return this.#pending.has(stream);
  }

  /** @param text copied where it is kept */
  add(stream: string, text: Uint8Array, offset: number, kept: string): void {
    const pending = this.#pending.get(stream) ?? { offset, parts: [], bytes: 0, kept: '', isTooBig: false };
    this.#pending.set(stream, pending);
    pending.bytes += text.length;
    if (pending.kept.length < keptCharacters) pending.kept += kept;
    if (pending.isTooBig) return;
    pending.parts.push(Buffer.from(text));
    if (pending.bytes <= limits.eventBytes) return;
    pending.isTooBig = true;
    pending.parts = [Buffer.concat(pending.parts).subarray(0, headBytes)];
  }

  /** The line whose last part this is. */
  end(stream: string, text: Uint8Array, offset: number, kept: string): JoinedLine {
    this.add(stream, text, offset, kept);
    return this.#take(stream);
  }

  /** Lines whose last part did not come. */
  finish(): readonly JoinedLine[] {
    return [...this.#pending.keys()].map((stream) => this.#take(stream));
  }

  #take(stream: string): JoinedLine {
    const pending = this.#pending.get(stream);
    this.#pending.delete(stream);
    if (!pending) throw new Error('no part of this line was added');
    return { bytes: Buffer.concat(pending.parts), offset: pending.offset, kept: pending.kept, isTooBig: pending.isTooBig };
  }
}
