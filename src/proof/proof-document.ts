/** Digests by which keys took over, two lines each (document, signature). */
export type Introductions = readonly (readonly [document: string, signature: string])[];

/** That a record stands in a log: record → block → segment's root → digest → checkpoint. Hashes are 64 hex digits. */
export interface RecordProof {
  readonly format: 'auditveil.proof/1';
  readonly kind: 'record';
  readonly log: string;
  /** The record's masked text, which stands in the block at this byte. */
  readonly record: string;
  readonly offset: number;
  /** Base64: the record and those beside it, up to 64 KiB. */
  readonly block: string;
  /** Of the block in its segment, and the hashes beside its way to the digest's root. */
  readonly index: number;
  readonly path: readonly string[];
  /** Number of the digest, its document and signature line, and the hashes beside its way to the checkpoint's root. */
  readonly number: number;
  readonly document: string;
  readonly signature: string;
  readonly digestPath: readonly string[];
  /** A signed note. */
  readonly checkpoint: string;
  readonly keys: Introductions;
}

/** That a line stands in a signed export. */
export interface LineProof {
  readonly format: 'auditveil.proof/1';
  readonly kind: 'line';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line and those beside it, up to a hundred. */
  readonly block: string;
  readonly path: readonly string[];
  /** Both files as they stand in the export. */
  readonly manifest: string;
  readonly signature: string;
  readonly keys: Introductions;
}

/** That what a later checkpoint saw goes on from what an earlier one saw. */
export interface GrowthProof {
  readonly format: 'auditveil.proof/1';
  readonly kind: 'growth';
  readonly log: string;
  /** Signed notes. */
  readonly from: string;
  readonly to: string;
  readonly path: readonly string[];
  readonly keys: Introductions;
}

export type ProofDocument = RecordProof | LineProof | GrowthProof;

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (texts: readonly string[]): readonly Uint8Array[] => texts.map((text) => Buffer.from(text, 'hex'));

/** Pairs of lines, of texts of two lines. */
export const pairsOf = (introductions: readonly string[]): Introductions =>
  introductions.map((text) => {
    const [document = '', signature = ''] = text.split('\n');
    return [document, signature];
  });
