type Halves = [number, number, number, number, number, number, number, number];

/**
 * SipHash-2-4 with 128-bit output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the
 * authors' 128-bit variant): a keyed function nobody can predict or collide without the key.
 *
 * Plain TypeScript on 32-bit halves, since JavaScript has no fast 64-bit integers. State: v0 … v3, low half first.
 */
export class SipHash {
  readonly #key = new Int32Array(4);
  readonly #state = new Int32Array(8);
  readonly #tail = new Uint8Array(8);

  /** @param key 16 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError('a SipHash key has 16 bytes');
    const view = new DataView(key.buffer, key.byteOffset, 16);
    for (let i = 0; i < 4; i++) this.#key[i] = view.getInt32(i * 4, true);
  }

  /** Writes the 16-byte hash of `bytes[start … end)` to `out` at `at`. */
  digestInto(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void {
    const state = this.#state;
    this.#begin();
    const length = end - start;
    const whole = start + (length - (length % 8));
    absorb(state, bytes, start, whole);
    const tail = this.#tail.fill(0);
    for (let i = whole; i < end; i++) tail[i - whole] = bytes[i]!;
    tail[7] = length & 0xff;
    absorb(state, tail, 0, 8);
    state[4]! ^= 0xee;
    finish(state, out, at);
    state[2]! ^= 0xdd;
    finish(state, out, at + 8);
  }

  /** The hash as new bytes. */
  digest(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
    const out = new Uint8Array(16);
    this.digestInto(bytes, start, end, out, 0);
    return out;
  }

  /** v0 … v3 start as the words of "somepseudorandomlygeneratedbytes", mixed with the key. */
  #begin(): void {
    const [k0l, k0h, k1l, k1h] = this.#key as unknown as [number, number, number, number];
    const s = this.#state;
    s[0] = k0l ^ 0x70736575;
    s[1] = k0h ^ 0x736f6d65;
    s[2] = k1l ^ 0x6e646f6d ^ 0xee;
    s[3] = k1h ^ 0x646f7261;
    s[4] = k0l ^ 0x6e657261;
    s[5] = k0h ^ 0x6c796765;
    s[6] = k1l ^ 0x79746573;
    s[7] = k1h ^ 0x74656462;
  }
}

/**
 * Two rounds for every 8 bytes of `bytes[start … end)`; the state stays in locals, which is what makes it fast.
 * A rotation by 32 is a swap of halves, done where the value is next used. The carry of a sum is "smaller than a term".
 */
function absorb(s: Int32Array, bytes: Uint8Array, start: number, end: number): void {
  let [v0l, v0h, v1l, v1h, v2l, v2h, v3l, v3h] = s as unknown as readonly number[] as Halves;
  for (let i = start; i < end; i += 8) {
    const low = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    const high = bytes[i + 4]! | (bytes[i + 5]! << 8) | (bytes[i + 6]! << 16) | (bytes[i + 7]! << 24);
    v3l ^= low;
    v3h ^= high;
    for (let round = 0; round < 2; round++) {
      v0l = (v0l + v1l) | 0;
      v0h = (v0h + v1h + (v0l >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
      let t = v1l;
      v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
      v1h = ((v1h << 13) | (t >>> 19)) ^ v0h;
      v2l = (v2l + v3l) | 0;
      v2h = (v2h + v3h + (v2l >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
      t = v3l;
      v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
      v3h = ((v3h << 16) | (t >>> 16)) ^ v2h;
      t = (v0h + v3l) | 0;
      v0h = (v0l + v3h + (t >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
      v0l = t;
      t = v3l;
      v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
      v3h = ((v3h << 21) | (t >>> 11)) ^ v0h;
      t = (v2l + v1l) | 0;
      const h = (v2h + v1h + (t >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
      v2l = h;
      v2h = t;
      t = v1l;
      v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2h;
      v1h = ((v1h << 17) | (t >>> 15)) ^ v2l;
    }
    v0l ^= low;
    v0h ^= high;
  }
  s[0] = v0l;
  s[1] = v0h;
  s[2] = v1l;
  s[3] = v1h;
  s[4] = v2l;
  s[5] = v2h;
  s[6] = v3l;
  s[7] = v3h;
}

const noData = new Uint8Array(16);

/** Four rounds, then v0 ^ v1 ^ v2 ^ v3. A round without input is a round over eight zero bytes. */
function finish(s: Int32Array, out: Uint8Array, at: number): void {
  absorb(s, noData, 0, 16);
  const low = s[0]! ^ s[2]! ^ s[4]! ^ s[6]!;
  const high = s[1]! ^ s[3]! ^ s[5]! ^ s[7]!;
  for (let i = 0; i < 4; i++) {
    out[at + i] = low >>> (8 * i);
    out[at + 4 + i] = high >>> (8 * i);
  }
}
