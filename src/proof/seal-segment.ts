import { recordFlags, recordLayout, recordTypes } from '../core/record.ts';
import { RunningSha256 } from '../crypto/sha256.ts';
import { type LogFile, readFully } from '../log/file-system.ts';
import { segmentHeaderBytes } from '../log/segment-header.ts';
import { type RecordRun, scanRecords } from '../log/segment-scan.ts';
import type { SealedDigest } from './digest-document.ts';
import { leafMark, merkleRoot } from './merkle.ts';

/** A piece of a segment with a hash of its own: the header, or whole records of up to `blockBytes`, or one larger record. */
export interface Block {
  readonly bytes: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** Whole records share a block up to this size: a flipped byte is named that closely, and a proof shows no more than that. */
export const blockBytes = 64 * 1024;

/** What is known of a segment up to a byte of it. It is carried on as the segment grows, so that nothing is read twice. */
export class SegmentSeal {
  readonly segment: number;
  /** Blocks that no further record changes. */
  readonly #blocks: Block[] = [];
  /** The last block, which further records may join. */
  #open: { readonly hash: RunningSha256; bytes: number } | undefined;
  #bytes = 0;
  readonly #counts = { records: 0, events: 0, findings: 0, notes: 0, stubs: 0 };
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;

  constructor(segment: number) {
    this.segment = segment;
  }

  /** Of the segment, from its first byte. */
  get bytes(): number {
    return this.#bytes;
  }

  /** In order; together they are the bytes of the segment. */
  get blocks(): readonly Block[] {
    return this.#open ? [...this.#blocks, { bytes: this.#open.bytes, hash: this.#open.hash.digest }] : this.#blocks;
  }

  /** Reads on to `end`, the end of a whole record. What is damaged is taken as it stands. */
  async extend(file: LogFile, end: number): Promise<void> {
    if (this.#bytes === 0) await this.#takeBytes(file, segmentHeaderBytes);
    const reached = await scanRecords(file, this.#bytes, end, {
      run: (run) => {
        this.#takeRun(run);
        return false;
      },
      damage: (_, to) => this.#takeBytes(file, to),
    });
    if (reached < end) await this.#takeBytes(file, end);
  }

  #takeRun({ bytes, view, starts }: RecordRun): void {
    for (const start of starts) {
      const size = view.getUint32(start + recordLayout.size, true);
      this.#count(view, start);
      if (this.#open && this.#open.bytes + size > blockBytes) this.#close();
      this.#push(bytes.subarray(start, start + size));
    }
  }

  /** Bytes that are no records, up to `to`, in blocks of their own. */
  async #takeBytes(file: LogFile, to: number): Promise<void> {
    while (this.#bytes < to) {
      this.#close();
      const piece = new Uint8Array(Math.min(blockBytes, to - this.#bytes));
      const got = await readFully(file, piece, this.#bytes);
      if (got === 0) throw Object.assign(new Error('the segment is shorter than it was'), { code: 'EIO' });
      this.#push(piece.subarray(0, got));
    }
    this.#close();
  }

  #push(bytes: Uint8Array): void {
    this.#open ??= { hash: new RunningSha256().update(leafMark), bytes: 0 };
    this.#open.hash.update(bytes);
    this.#open.bytes += bytes.length;
    this.#bytes += bytes.length;
  }

  #close(): void {
    if (this.#open) this.#blocks.push({ bytes: this.#open.bytes, hash: this.#open.hash.digest });
    this.#open = undefined;
  }

  #count(view: DataView, at: number): void {
    const type = view.getUint8(at + recordLayout.type);
    if (type === recordTypes.dictionary) return;
    this.#counts.records++;
    if (type === recordTypes.event) this.#counts.events++;
    if (type === recordTypes.finding) this.#counts.findings++;
    if (type === recordTypes.note) this.#counts.notes++;
    if ((view.getUint16(at + recordLayout.flags, true) & recordFlags.stub) !== 0) this.#counts.stubs++;
    const receivedUs = view.getFloat64(at + recordLayout.receivedAtUs, true);
    this.#firstUs = Math.min(this.#firstUs, receivedUs);
    this.#lastUs = Math.max(this.#lastUs, receivedUs);
  }

  /** What a digest says of the segment. */
  content(kind: SealedDigest['kind']): SealedDigest {
    const blocks = this.blocks;
    return {
      ...{ kind, segment: this.segment, bytes: this.#bytes, ...this.#counts },
      ...(this.#counts.records > 0 && { firstReceived: timeOf(this.#firstUs), lastReceived: timeOf(this.#lastUs) }),
      blocks: blocks.length,
      root: rootOf(blocks),
    };
  }
}

const timeOf = (us: number): string => new Date(us / 1000).toISOString();

/** 64 hex digits. */
export function rootOf(blocks: readonly Block[]): string {
  return Buffer.from(merkleRoot(blocks.map(({ hash }) => hash))).toString('hex');
}

const blockEntryBytes = 36;

/** The file beside a digest from which a verifier tells which block was changed: bytes (u32) and hash of each, in order. */
export function encodeBlocks(blocks: readonly Block[]): Uint8Array {
  const bytes = Buffer.alloc(blocks.length * blockEntryBytes);
  for (const [index, block] of blocks.entries()) {
    bytes.writeUInt32LE(block.bytes, index * blockEntryBytes);
    bytes.set(block.hash, index * blockEntryBytes + 4);
  }
  return bytes;
}

export function decodeBlocks(raw: Uint8Array): readonly Block[] {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(bytes.length / blockEntryBytes) }, (_, index) => ({
    bytes: bytes.readUInt32LE(index * blockEntryBytes),
    hash: bytes.subarray(index * blockEntryBytes + 4, (index + 1) * blockEntryBytes),
  }));
}
