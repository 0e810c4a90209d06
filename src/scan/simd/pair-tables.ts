/** Which bucket of triggers each pair of bytes has, as the kernel reads it. Index: the byte before as the low half, as memory is little-endian. */
export interface PairTables {
  readonly swapped: Uint16Array;
  /** One bit for each pair that has a bucket. */
  readonly bits: Uint8Array;
}

/** @param pairs `PlanTriggerIndex.pairs` */
export function pairTables(pairs: Uint16Array): PairTables {
  const swapped = new Uint16Array(pairs.length);
  const bits = new Uint8Array(pairs.length / 8);
  for (let pair = 0; pair < pairs.length; pair++) {
    if (pairs[pair] === 0) continue;
    const at = ((pair & 255) << 8) | (pair >> 8);
    swapped[at] = pairs[pair] as number;
    bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
  }
  return { swapped, bits };
}
