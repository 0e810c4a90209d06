const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;
const shift = 24;

/**
 * The hash by which Kafka's own clients choose the partition of a key (32-bit MurmurHash2, Austin Appleby, with their seed), as a
 * signed number like theirs. Linear in the key's length.
 */
export function murmur2(key: Uint8Array): number {
  let hash = seed ^ key.length;
  let at = 0;
  for (; at + 4 <= key.length; at += 4) {
    let word = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> shift;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  if (at < key.length) {
    for (let i = key.length - 1; i >= at; i--) hash ^= (key[i] ?? 0) << ((i - at) * 8);
    hash = Math.imul(hash, multiplier);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

const text = new TextEncoder();

/** The partition of a key, as Kafka's own clients choose it. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(text.encode(key)) & 0x7fffffff) % partitions;
}
