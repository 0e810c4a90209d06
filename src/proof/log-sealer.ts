import type { Clock } from '../core/clock.ts';
import type { LogPosition } from '../core/log.ts';
import type { SigningKey } from '../crypto/signing-key.ts';
import type { LogFileSystem } from '../log/file-system.ts';
import { segmentFileName, segmentHeaderBytes } from '../log/segment-header.ts';
import { closeSegment, describeSegment, listSegmentNumbers, type Segment } from '../log/segment-list.ts';
import type { DigestChain } from './digest-chain.ts';
import type { Digest } from './digest-document.ts';
import { merkleRoot } from './merkle.ts';
import { SegmentSeal } from './seal-segment.ts';
import { writeCheckpoint } from './signed-note.ts';

export interface LogSealerOptions {
  readonly fs: LogFileSystem;
  /** The log's folder. */
  readonly directory: string;
  readonly clock: Clock;
  /** Behind the last synced record. */
  readonly end: () => LogPosition;
  /** Nothing is deleted behind the position committed here: a segment goes only once it is sealed. */
  readonly commit: (position: LogPosition) => Promise<void>;
  /** How often the open segment is sealed too, written to or not, in milliseconds. */
  readonly everyMs: number;
}

/** What the digests of a log say of its segments. */
class SealedSegments {
  /** Number of the digest that sealed a segment whole, for segments not known to be deleted. */
  readonly closed = new Map<number, number>();
  highest = -1;
  /** The last seal of a segment that was still open. */
  open: { readonly segment: number; readonly bytes: number } | undefined;

  add(digest: Digest): void {
    if (digest.kind === 'deleted') this.closed.delete(digest.segment);
    if (digest.kind === 'open') this.open = { segment: digest.segment, bytes: digest.bytes };
    if (digest.kind !== 'closed') return;
    this.closed.set(digest.segment, digest.sequence);
    this.highest = Math.max(this.highest, digest.segment);
  }
}

/** Seals the segments of a log that this process writes: each once it is closed, the open one from time to time. */
export class LogSealer {
  readonly #options: LogSealerOptions;
  readonly #chain: DigestChain;
  readonly #sealed: SealedSegments;
  /** Of the segment that is being written: carried on, so that each byte is hashed once. */
  #growing: SegmentSeal | undefined;

  private constructor(options: LogSealerOptions, chain: DigestChain, sealed: SealedSegments) {
    this.#options = options;
    this.#chain = chain;
    this.#sealed = sealed;
  }

  /** @param openChain opens the log's chain, telling of each digest in it */
  static async open(
    options: LogSealerOptions,
    openChain: (seen: (digest: Digest) => void) => Promise<DigestChain>,
  ): Promise<LogSealer> {
    const sealed = new SealedSegments();
    const chain = await openChain((digest) => sealed.add(digest));
    return new LogSealer(options, chain, sealed);
  }

  /** Lets another key sign from here on. Not while `tick` runs. */
  async introduce(next: SigningKey): Promise<void> {
    await this.#chain.introduce(next, this.#options.clock.nowMs());
  }

  /** How far the log has come, as a signed note. Undefined where nothing was signed yet. */
  checkpoint(): string | undefined {
    const { leaves, key, origin } = this.#chain;
    return leaves.length === 0 ? undefined : writeCheckpoint({ origin, size: leaves.length, root: merkleRoot(leaves) }, key);
  }

  /** Seals what was closed, tells of what was deleted, and seals the open segment where it is time. Not re-entrant. */
  async tick(): Promise<void> {
    const { clock, everyMs } = this.#options;
    await this.#sealClosed();
    await this.#tellDeleted();
    if (clock.nowMs() - this.#chain.lastMadeMs >= everyMs) await this.#sealOpen();
  }

  /** Seals all there is: after that nothing may be written any more. */
  async finish(): Promise<void> {
    await this.#sealClosed();
    await this.#tellDeleted();
    const { segment, offset } = this.#options.end();
    const { open } = this.#sealed;
    if (offset > segmentHeaderBytes && (open?.segment !== segment || open.bytes !== offset)) await this.#sealOpen();
  }

  async #sealClosed(): Promise<void> {
    const { fs, directory, commit } = this.#options;
    const end = this.#options.end();
    const numbers = (await listSegmentNumbers(fs, directory)).filter((number) => number < end.segment);
    for (const number of numbers.filter((one) => one > this.#sealed.highest)) {
      const segment = await this.#closedSegment(number);
      if (!segment) continue;
      // Kept where it fails: the next attempt hashes nothing again.
      const seal = this.#growing?.segment === number ? this.#growing : new SegmentSeal(number);
      this.#growing = seal;
      await this.#extend(seal, segment.bytes);
      await this.#add(seal, 'closed');
      await commit({ segment: number, offset: segment.bytes });
    }
  }

  /** Undefined where it is gone, or its file holds not even a header. */
  async #closedSegment(number: number): Promise<Segment | undefined> {
    const { fs, directory } = this.#options;
    const segment = await describeSegment(fs, directory, number);
    const closed = segment && closeSegment(segment, await describeSegment(fs, directory, number + 1));
    return closed && closed.bytes >= segmentHeaderBytes ? closed : undefined;
  }

  async #tellDeleted(): Promise<void> {
    const { fs, directory, clock } = this.#options;
    const there = new Set(await listSegmentNumbers(fs, directory));
    for (const [segment, sealedBy] of [...this.#sealed.closed]) {
      if (there.has(segment)) continue;
      this.#sealed.add(await this.#chain.add({ kind: 'deleted', segment, sealedBy, reason: 'retention' }, clock.nowMs()));
    }
  }

  async #sealOpen(): Promise<void> {
    const { fs, directory } = this.#options;
    const { segment, offset } = this.#options.end();
    if ((await fs.stat(`${directory}/${segmentFileName(segment)}`)) === undefined) return;
    const growing = this.#growing;
    const seal = growing?.segment === segment && growing.bytes <= offset ? growing : new SegmentSeal(segment);
    this.#growing = seal;
    await this.#extend(seal, offset);
    await this.#add(seal, 'open');
  }

  async #extend(seal: SegmentSeal, end: number): Promise<void> {
    const { fs, directory } = this.#options;
    const file = await fs.open(`${directory}/${segmentFileName(seal.segment)}`, 'read');
    try {
      await seal.extend(file, end);
    } finally {
      await file.close();
    }
  }

  async #add(seal: SegmentSeal, kind: 'closed' | 'open'): Promise<void> {
    this.#sealed.add(await this.#chain.add(seal.content(kind), this.#options.clock.nowMs(), seal.blocks));
  }
}
