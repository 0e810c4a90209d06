const double = (byte: number): number => ((byte << 1) ^ (byte & 0x80 ? 0x1b : 0)) & 0xff;

/** The table of FIPS 197, 5.1.1: inverses in the field of 256 elements, then an affine map. */
function substitutions(): Uint8Array {
  const [box, powers, logs] = [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)];
  for (let i = 0, value = 1; i < 255; i++) {
    powers[i] = value;
    logs[value] = i;
    // 3 generates the field: times 2, and once more.
    value ^= double(value);
  }
  for (let i = 0; i < 256; i++) {
    const inverse = i === 0 ? 0 : (powers[(255 - (logs[i] as number)) % 255] as number);
    const spread = inverse * 0x101;
    box[i] = (inverse ^ (spread >> 7) ^ (spread >> 6) ^ (spread >> 5) ^ (spread >> 4) ^ 0x63) & 0xff;
  }
  return box;
}

const box = substitutions();
const blockBytes = 16;
const rounds = 10;

/**
 * AES-128 without chaining (FIPS 197), one way. For the browser, whose own cipher answers only later. Not against who measures its
 * time: there it pseudonymises what a person pasted, under a key that lives as long as the tab.
 */
export class Aes128 {
  readonly #keys: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.length !== blockBytes) throw new RangeError('an AES-128 key has 16 bytes');
    this.#keys = expand(key);
  }

  /** Whole blocks, each by itself. */
  encrypt(plain: Uint8Array): Uint8Array {
    const out = Uint8Array.from(plain);
    for (let at = 0; at < out.length; at += blockBytes) this.#block(out.subarray(at, at + blockBytes));
    return out;
  }

  #block(state: Uint8Array): void {
    this.#addKey(state, 0);
    for (let round = 1; round <= rounds; round++) {
      shiftAndSubstitute(state);
      if (round < rounds) mix(state);
      this.#addKey(state, round);
    }
  }

  #addKey(state: Uint8Array, round: number): void {
    for (let i = 0; i < blockBytes; i++) (state[i] as number) ^= this.#keys[round * blockBytes + i] as number;
  }
}

function expand(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(blockBytes * (rounds + 1));
  keys.set(key);
  for (let at = blockBytes, constant = 1; at < keys.length; at += 4) {
    const word = [...keys.subarray(at - 4, at)];
    if (at % blockBytes === 0) {
      word.push(word.shift() as number);
      for (let i = 0; i < 4; i++) word[i] = box[word[i] as number] as number;
      (word[0] as number) ^= constant;
      constant = double(constant);
    }
    for (let i = 0; i < 4; i++) keys[at + i] = (keys[at + i - blockBytes] as number) ^ (word[i] as number);
  }
  return keys;
}

/** Rows stand in every fourth byte; row r turns by r. */
function shiftAndSubstitute(state: Uint8Array): void {
  const before = Uint8Array.from(state);
  for (let i = 0; i < blockBytes; i++) state[i] = box[before[(i + 4 * (i % 4)) % blockBytes] as number] as number;
}

function mix(state: Uint8Array): void {
  for (let at = 0; at < blockBytes; at += 4) {
    const column = [...state.subarray(at, at + 4)];
    const all = column.reduce((sum, byte) => sum ^ byte, 0);
    for (let i = 0; i < 4; i++) {
      const [own, next] = [column[i] as number, column[(i + 1) % 4] as number];
      state[at + i] = own ^ all ^ double(own ^ next);
    }
  }
}
