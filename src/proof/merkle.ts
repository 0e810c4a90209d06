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

/**
 * The hashes that show that a tree of `size` leaves grew to that of all of them (a consistency proof, RFC 6962, 2.1.2).
 * @throws RangeError
 */
export function growthPath(leaves: readonly Uint8Array[], size: number): readonly Uint8Array[] {
  if (size < 1 || size > leaves.length) throw new RangeError('there was no such tree');
  return growth(leaves, size, true);
}

function growth(leaves: readonly Uint8Array[], size: number, isWhole: boolean): readonly Uint8Array[] {
  if (size === leaves.length) return isWhole ? [] : [merkleRoot(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...growth(left, size, isWhole), merkleRoot(right)]
    : [...growth(right, size - split, false), merkleRoot(left)];
}

/** Root of the tree of `newSize` leaves that one of `oldSize` leaves and this root grew to; undefined where the path shows no such thing. */
export function rootOfGrowth(
  oldRoot: Uint8Array,
  oldSize: number,
  newSize: number,
  path: readonly Uint8Array[],
): Uint8Array | undefined {
  if (oldSize < 1 || oldSize > newSize) return undefined;
  const roots = grown(oldSize, newSize, path, oldRoot);
  return roots && Buffer.from(roots[0]).equals(oldRoot) ? roots[1] : undefined;
}

type Roots = readonly [before: Uint8Array, after: Uint8Array];

function grown(oldSize: number, newSize: number, path: readonly Uint8Array[], known: Uint8Array | undefined): Roots | undefined {
  const last = path.at(-1);
  if (oldSize === newSize) {
    const root = known ?? last;
    return root !== undefined && path.length === (known ? 0 : 1) ? [root, root] : undefined;
  }
  if (last === undefined) return undefined;
  const split = splitOf(newSize);
  const isLeft = oldSize <= split;
  const inner = isLeft
    ? grown(oldSize, split, path.slice(0, -1), known)
    : grown(oldSize - split, newSize - split, path.slice(0, -1), undefined);
  if (!inner) return undefined;
  return isLeft ? [inner[0], nodeHash(inner[1], last)] : [nodeHash(last, inner[0]), nodeHash(last, inner[1])];
}
