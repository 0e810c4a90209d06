import { type CanonicalValue, canonicalJson } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { signatureLine, signerOfLine } from '../crypto/signature-line.ts';
import type { SigningKey } from '../crypto/signing-key.ts';

/**
 * A digest: what a log held at a time, signed. Digests of one log form a chain: each names the one before by its hash, so
 * that none can be left out, and the numbers have no gaps. They stay when the segment they are about is deleted.
 */
export type Digest = {
  readonly format: 'auditveil.digest/1';
  readonly log: string;
  readonly cluster: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** SHA-256 of the document before, 64 hex digits; zeros for the first. */
  readonly previous: string;
  /** RFC 3339. */
  readonly made: string;
} & (SealedDigest | DeletedDigest | KeyDigest);

/** A segment, whole (`closed`) or as far as it had come (`open`). */
export interface SealedDigest {
  readonly kind: 'closed' | 'open';
  readonly segment: number;
  /** Of the segment, from its first byte. */
  readonly bytes: number;
  readonly records: number;
  readonly events: number;
  readonly findings: number;
  readonly notes: number;
  readonly stubs: number;
  /** When the first and the last record were received, RFC 3339; absent where there is none. */
  readonly firstReceived?: string;
  readonly lastReceived?: string;
  readonly blocks: number;
  /** Merkle root over the blocks, 64 hex digits. */
  readonly root: string;
}

/** A segment that is gone, as it was to be. */
export interface DeletedDigest {
  readonly kind: 'deleted';
  readonly segment: number;
  /** Number of the digest that tells what it held. */
  readonly sealedBy: number;
  readonly reason: 'retention';
}

/** From the next digest on another key signs. Signed by the key before. */
export interface KeyDigest {
  readonly kind: 'key';
  /** PEM. */
  readonly publicKey: string;
}

/** What a digest says besides its place in the chain. */
export type DigestContent = SealedDigest | DeletedDigest | KeyDigest;

export const noPrevious = '0'.repeat(64);

/** A digest as it stands in its file: the document on one line, its signature on the next. */
export interface SignedDigest {
  readonly digest: Digest;
  /** The first line, without its end: what is signed and hashed. */
  readonly document: string;
  /** The key that signed it, PEM. */
  readonly signedBy: string;
}

/** The file of a digest. */
export function signDigest(digest: Digest, key: SigningKey): { readonly file: string; readonly document: string } {
  const document = canonicalJson(digest as unknown as CanonicalValue);
  return { file: `${document}\n${signatureLine(key, document)}\n`, document };
}

export const documentHash = (document: string): string => sha256Hex(document);

/** Id of the key that a signature line names; undefined where it is none. */
export function signerOf(line: string): string | undefined {
  const key = objectOf(line)?.['key'];
  return typeof key === 'string' ? key : undefined;
}

/** @returns 'malformed' where it is no digest, 'unsigned' where none of the keys signed it */
export function readDigest(file: string, publicPems: readonly string[]): SignedDigest | 'malformed' | 'unsigned' {
  const [document = '', line = ''] = file.split('\n');
  const digest = objectOf(document) as Partial<Digest> | undefined;
  if (digest?.format !== 'auditveil.digest/1' || !Number.isSafeInteger(digest.sequence) || !objectOf(line)) return 'malformed';
  const signedBy = signerOfLine(line, document, publicPems);
  return signedBy === undefined ? 'unsigned' : { digest: digest as Digest, document, signedBy };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
