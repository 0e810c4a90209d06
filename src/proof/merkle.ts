import { sha256 } from '../crypto/sha256.ts';

/**
 * Merkle trees as of RFC 6962, section 2.1: a leaf is SHA-256 over 0x00 and its data, a node over 0x01 and its two
 * children; of n leaves the left child takes the largest power of two below n.
 */
export const leafMark = Uint8Array.of(0);
const nodeMark = Uint8Array.of(1);

/** 32 bytes. The data may come in parts. */
export function leafHash(...data: readonly Uint8Array[]): Uint8Array {
  return sha256(leafMark, ...data);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodeMark, left, right);
}

/** The root over hashes of leaves; of none it is SHA-256 of nothing. 32 bytes. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** The hashes beside the way from a leaf to the root, lowest first (an audit path). @throws RangeError */
export function auditPath(leaves: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  if (index < 0 || index >= leaves.length) throw new RangeError('there is no such leaf');
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return index < split
    ? [...auditPath(leaves.slice(0, split), index), merkleRoot(leaves.slice(split))]
    : [...auditPath(leaves.slice(split), index - split), merkleRoot(leaves.slice(0, split))];
}

/** The root that a leaf and its audit path lead to; undefined where a path of this length leads nowhere. */
export function rootOfPath(leaf: Uint8Array, index: number, size: number, path: readonly Uint8Array[]): Uint8Array | undefined {
  if (index < 0 || index >= size) return undefined;
  if (size === 1) return path.length === 0 ? leaf : undefined;
  const beside = path.at(-1);
  if (beside === undefined) return undefined;
  const split = splitOf(size);
  const isLeft = index < split;
  const inner = rootOfPath(leaf, isLeft ? index : index - split, isLeft ? split : size - split, path.slice(0, -1));
  if (inner === undefined) return undefined;
  return isLeft ? nodeHash(inner, beside) : nodeHash(beside, inner);
}

/** The largest power of two below `size`, which is at least 2. */
function splitOf(size: number): number {
  return 2 ** (31 - Math.clz32(size - 1));
}
