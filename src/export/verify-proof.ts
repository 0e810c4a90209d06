import { recordLayout } from '../core/record.ts';
import { checkRecord } from '../log/record-decoder.ts';
import { readDigest } from '../proof/digest-document.ts';
import { followKeys } from '../proof/follow-keys.ts';
import { leafHash, rootOfGrowth, rootOfPath } from '../proof/merkle.ts';
import {
  fromHex,
  type GrowthProof,
  type LineProof,
  type ProofDocument,
  type RecordProof,
  toHex,
} from '../proof/proof-document.ts';
import { isCheckpointSigned, readCheckpoints, type SignedCheckpoint } from '../proof/signed-note.ts';
import { linesPerBlock } from './line-blocks.ts';
import { readManifest } from './manifest.ts';

/** What a proof shows: for a person, and the masked text where it is about one. */
export interface ProvenFact {
  readonly fact: string;
  readonly text?: string;
}

/** The first thing that does not hold. */
export interface ProofFailure {
  readonly place: string;
  readonly what: string;
}

/** @param against a checkpoint that the proof must be about */
export function verifyProof(
  text: string,
  publicPems: readonly string[],
  against: readonly SignedCheckpoint[] = [],
): ProvenFact | ProofFailure {
  let proof: ProofDocument;
  try {
    proof = JSON.parse(text) as ProofDocument;
    if (proof.format !== 'auditveil.proof/1') throw new TypeError('another format');
    const keys = followKeys(
      proof.keys.map(([document, signature]) => `${document}\n${signature}\n`),
      publicPems,
    );
    if (proof.kind === 'record') return verifyRecord(proof, keys, against);
    return proof.kind === 'line' ? verifyLine(proof, keys) : verifyGrowth(proof, keys, against);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return { place: 'the proof', what: 'it is none' };
  }
}

const wrong = (place: string, what: string): ProofFailure => ({ place, what });
const unsigned = 'none of the keys given or introduced signed it';

function noteAbout(text: string, log: string, keys: readonly string[]): SignedCheckpoint | ProofFailure {
  const note = readCheckpoints(text)?.find(({ origin }) => origin.endsWith(`/${log}`));
  if (!note) return wrong('the checkpoint', 'it is none of this log');
  return isCheckpointSigned(note, keys) ? note : wrong('the checkpoint', unsigned);
}

const isSame = (a: SignedCheckpoint, b: SignedCheckpoint): boolean => a.size === b.size && toHex(a.root) === toHex(b.root);

function isOther(note: SignedCheckpoint, against: readonly SignedCheckpoint[]): boolean {
  const known = against.find(({ origin }) => origin === note.origin);
  return against.length > 0 && !(known && isSame(known, note));
}

function verifyRecord(
  proof: RecordProof,
  keys: readonly string[],
  against: readonly SignedCheckpoint[],
): ProvenFact | ProofFailure {
  const read = readDigest(`${proof.document}\n${proof.signature}\n`, keys);
  const place = `digest ${proof.number}`;
  if (typeof read === 'string') return wrong(place, read === 'malformed' ? 'it is no digest' : unsigned);
  const { digest } = read;
  if (digest.kind !== 'closed' && digest.kind !== 'open') return wrong(place, 'it is about no segment');
  const block = Buffer.from(proof.block, 'base64');
  const root = rootOfPath(leafHash(block), proof.index, digest.blocks, fromHex(proof.path));
  if (!root || toHex(root) !== digest.root) return wrong('the record', 'its block is not in the digest');
  if (!payloadAt(block, proof.offset)?.equals(Buffer.from(proof.record))) return wrong('the record', 'it is not in its block');
  const note = noteAbout(proof.checkpoint, digest.log, keys);
  if ('place' in note) return note;
  const leaf = leafHash(Buffer.from(proof.document));
  const top = rootOfPath(leaf, digest.sequence - 1, note.size, fromHex(proof.digestPath));
  if (!top || toHex(top) !== toHex(note.root)) return wrong(place, 'it is not in the checkpoint');
  if (isOther(note, against)) return wrong('the checkpoint', 'the proof is about another one');
  const fact = `${digest.log} of ${digest.cluster}, segment ${digest.segment}, digest ${digest.sequence} of ${digest.made}, in a checkpoint of ${note.size} digests`;
  return { fact, text: proof.record };
}

/** The whole payload that begins there: a part of one may be what somebody wrote so that it looks like a record. */
function payloadAt(block: Buffer, offset: number): Buffer | undefined {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  for (let at = 0; at < offset; ) {
    const size = checkRecord(block, view, at, block.length);
    if (size <= 0) return undefined;
    if (at + view.getUint32(at + recordLayout.headerBytes, true) === offset) return block.subarray(offset, at + size);
    at += size;
  }
  return undefined;
}

function verifyLine(proof: LineProof, keys: readonly string[]): ProvenFact | ProofFailure {
  const manifest = readManifest(proof.manifest, proof.signature, keys);
  if (typeof manifest === 'string') return wrong('the manifest', manifest === 'malformed' ? 'it is none' : unsigned);
  const file = manifest.files.find(({ name }) => name === proof.file);
  if (!file) return wrong(proof.file, 'it is not in the manifest');
  const index = Math.floor((proof.line - 1) / linesPerBlock);
  const lines = file.lines ?? 0;
  const size = Math.ceil(lines / linesPerBlock);
  const root = rootOfPath(leafHash(Buffer.from(proof.block)), index, size, fromHex(proof.path));
  const text = proof.block.split('\n')[(proof.line - 1) % linesPerBlock];
  if (!root || toHex(root) !== file.root || proof.line > lines || text === undefined)
    return wrong(`${proof.file}, line ${proof.line}`, 'its block is not in the export');
  return { fact: `${proof.file}, line ${proof.line} of ${lines}, exported ${manifest.made} by ${manifest.by}`, text };
}

function verifyGrowth(
  proof: GrowthProof,
  keys: readonly string[],
  against: readonly SignedCheckpoint[],
): ProvenFact | ProofFailure {
  const [from, to] = [noteAbout(proof.from, proof.log, keys), noteAbout(proof.to, proof.log, keys)];
  if ('place' in from) return from;
  if ('place' in to) return to;
  const root = rootOfGrowth(from.root, from.size, to.size, fromHex(proof.path));
  if (from.origin !== to.origin || !root || toHex(root) !== toHex(to.root))
    return wrong('the later checkpoint', 'it does not go on from the earlier one');
  if (isOther(from, against)) return wrong('the checkpoint', 'the proof is about another one');
  return { fact: `${proof.log}: the log of ${to.size} digests goes on from the one of ${from.size}` };
}
