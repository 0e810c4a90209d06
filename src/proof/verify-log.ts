import { errorCode, type LogFile, type LogFileSystem, readFully } from '../log/file-system.ts';
import { segmentFileName } from '../log/segment-header.ts';
import { listSegmentNumbers } from '../log/segment-list.ts';
import { checkChain, type Problem } from './check-chain.ts';
import { storedBlocks } from './digest-chain.ts';
import type { Digest, SealedDigest } from './digest-document.ts';
import { leafHash, merkleRoot } from './merkle.ts';
import { type Block, rootOf, SegmentSeal } from './seal-segment.ts';
import { isCheckpointSigned, type SignedCheckpoint } from './signed-note.ts';

export interface LogVerification {
  readonly log: string;
  readonly cluster: string | undefined;
  readonly digests: number;
  /** Time of the last digest; undefined where there is none. */
  readonly lastMade: string | undefined;
  /** Segments there are whose every signed byte was read and is as it was. */
  readonly segments: number;
  readonly records: number;
  readonly bytes: number;
  /** Segments that were deleted as they were to be; their digests are there. */
  readonly deleted: number;
  /** Bytes behind the last seal: no digest says anything about them yet. */
  readonly unsealedBytes: number;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  readonly fs: LogFileSystem;
  /** The log's folder. */
  readonly directory: string;
  readonly log: string;
  /** PEM; the first key that signed, and others where a key was lost. Keys that a signed digest introduces need not be given. */
  readonly publicPems: readonly string[];
  readonly checkpoint?: SignedCheckpoint | undefined;
  /** Told of each segment that was read, with its size. */
  readonly progress?: (bytes: number) => void;
  /** Waited for after each segment: for those who have time. */
  readonly pace?: (bytes: number) => Promise<void>;
  /** Waited for where a segment is gone that no digest calls deleted: whoever writes the log may be about to say so. */
  readonly settle?: () => Promise<void>;
}

/** Checks a log against its digests, and the digests against each other, the keys, and a checkpoint. Reads every signed byte. */
export async function verifyLog(options: VerifyOptions): Promise<LogVerification> {
  return new Verification(options).run();
}

type Sealed = Digest & SealedDigest;

class Verification {
  readonly #options: VerifyOptions;
  readonly #problems: Problem[] = [];
  /** The last seal of each segment. */
  readonly #seals = new Map<number, Sealed>();
  readonly #deleted = new Set<number>();
  #digests: readonly Digest[] = [];
  #leaves: readonly Uint8Array[] = [];
  #publicPems: readonly string[] = [];
  readonly #sums = { segments: 0, records: 0, bytes: 0 };

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  async run(): Promise<LogVerification> {
    await this.#chain();
    this.#checkpoint();
    const unsealedBytes = await this.#segments();
    const digests = this.#leaves.length;
    return {
      ...{ log: this.#options.log, cluster: this.#digests[0]?.cluster, digests, lastMade: this.#digests.at(-1)?.made },
      ...{ ...this.#sums, deleted: this.#deleted.size, unsealedBytes, problems: this.#problems },
    };
  }

  #problem(kind: Problem['kind'], place: string, what: string): void {
    this.#problems.push({ kind, place, what });
  }

  async #chain(): Promise<void> {
    const { fs, directory, log, publicPems } = this.#options;
    const { digests, leaves, problems, publicPems: trusted } = await checkChain(fs, directory, log, publicPems);
    this.#publicPems = trusted;
    this.#digests = digests;
    this.#leaves = leaves;
    // Of a log that nothing was ever written to there is nothing to sign.
    const isEmpty = leaves.length === 0 && (await listSegmentNumbers(fs, directory)).length === 0;
    this.#problems.push(...problems.filter(({ kind }) => kind !== 'no-digests' || !isEmpty));
    for (const digest of digests) {
      if (digest.kind === 'deleted') this.#deleted.add(digest.segment);
      else if (digest.kind !== 'key') this.#seals.set(digest.segment, digest);
    }
  }

  #checkpoint(): void {
    const { checkpoint } = this.#options;
    if (!checkpoint) return;
    const { size, root } = checkpoint;
    if (!isCheckpointSigned(checkpoint, this.#publicPems))
      this.#problem('forged-checkpoint', 'the checkpoint', 'none of the keys given or introduced signed it');
    else if (this.#leaves.length < size)
      this.#problem(
        'rolled-back',
        'the end of the chain',
        `the checkpoint saw ${size} digests, there are ${this.#leaves.length}`,
      );
    else if (!Buffer.from(merkleRoot(this.#leaves.slice(0, size))).equals(root))
      this.#problem('other-history', `the first ${size} digests`, 'they are not those that the checkpoint saw');
  }

  /** @returns bytes that no digest covers yet */
  async #segments(): Promise<number> {
    const { fs, directory } = this.#options;
    const there = new Set(await listSegmentNumbers(fs, directory));
    const highest = Math.max(-1, ...this.#seals.keys());
    const gone: Sealed[] = [];
    for (const [number, seal] of this.#seals) {
      const isThere = there.has(number) && (await this.#segment(seal));
      if (!isThere && !this.#deleted.has(number)) gone.push(seal);
    }
    if (gone.length > 0) await this.#missing(gone);
    let unsealed = 0;
    for (const number of there) {
      const bytes = (await fs.stat(`${directory}/${segmentFileName(number)}`))?.bytes ?? 0;
      const seal = this.#seals.get(number);
      if (!seal && number < highest)
        this.#problem('segment-unknown', `segment ${number}`, 'no digest ever sealed it, though later ones are sealed');
      if (seal?.kind !== 'closed') unsealed += Math.max(0, bytes - (seal?.bytes ?? 0));
    }
    return unsealed;
  }

  /** A log that is written meanwhile deletes segments, and says so in its chain, which was read before. */
  async #missing(gone: readonly Sealed[]): Promise<void> {
    const { fs, directory, log, publicPems, settle } = this.#options;
    await settle?.();
    const { digests } = await checkChain(fs, directory, log, publicPems);
    for (const digest of digests) if (digest.kind === 'deleted') this.#deleted.add(digest.segment);
    for (const { segment, records } of gone) {
      if (this.#deleted.has(segment)) continue;
      this.#problem(
        'segment-missing',
        `segment ${segment}`,
        `${records} records are gone, and no digest says that they were to go`,
      );
    }
  }

  /** @returns whether it is there */
  async #segment(seal: Sealed): Promise<boolean> {
    const { fs, directory, progress } = this.#options;
    const file = await openSegment(fs, `${directory}/${segmentFileName(seal.segment)}`);
    if (!file) return false;
    try {
      const size = await file.size();
      if (size < seal.bytes) {
        this.#problem('segment-short', `segment ${seal.segment}, byte ${size}`, `it ends there; ${seal.bytes} bytes were signed`);
        return true;
      }
      if (seal.kind === 'closed' && size > seal.bytes)
        this.#problem(
          'segment-long',
          `segment ${seal.segment}, byte ${seal.bytes}`,
          `${size - seal.bytes} bytes stand behind what was signed: put in, or left of a write that failed; no reader takes them`,
        );
      const changed = await this.#changedPart(file, seal);
      if (changed !== undefined) this.#problem('segment-changed', changed, 'the bytes are not those that were signed');
      else {
        this.#sums.segments++;
        this.#sums.records += seal.records;
        this.#sums.bytes += seal.bytes;
      }
      return true;
    } finally {
      await file.close();
      progress?.(seal.bytes);
      await this.#options.pace?.(seal.bytes);
    }
  }

  /** The first part of a segment that is not as it was signed; undefined where all of it is. */
  async #changedPart(file: LogFile, seal: Sealed): Promise<string | undefined> {
    const { fs, directory } = this.#options;
    const blocks = await storedBlocks(fs, directory, seal.segment);
    if (blocks && bytesOf(blocks) === seal.bytes && rootOf(blocks) === seal.root) return changedBlock(file, blocks, seal.segment);
    // The list of blocks may be of a later moment, or changed itself: it only helps to name the place.
    const fresh = new SegmentSeal(seal.segment);
    await fresh.extend(file, seal.bytes);
    return rootOf(fresh.blocks) === seal.root ? undefined : `segment ${seal.segment}`;
  }
}

/** Undefined where it was deleted in the meantime. */
async function openSegment(fs: LogFileSystem, path: string): Promise<LogFile | undefined> {
  try {
    return await fs.open(path, 'read');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const bytesOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { bytes }) => sum + bytes, 0);

async function changedBlock(file: LogFile, blocks: readonly Block[], segment: number): Promise<string | undefined> {
  let at = 0;
  for (const { bytes, hash } of blocks) {
    const block = new Uint8Array(bytes);
    await readFully(file, block, at);
    if (!Buffer.from(leafHash(block)).equals(hash)) return `segment ${segment}, bytes ${at} to ${at + bytes}`;
    at += bytes;
  }
  return undefined;
}
