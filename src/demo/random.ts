/** A seeded source of numbers: the same seed gives the same recording and the same corpus on every machine. Not for keys. */
export interface SeededRandom {
  /** 0 … 2³² − 1. */
  uint32(): number;
  /** 0 … 1, without 1. */
  unit(): number;
  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** `length` characters of `alphabet`. */
  chars(length: number, alphabet: string): string;
  /** A version 4 UUID (RFC 9562). */
  uuid(): string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
export const alphabets = {
  hex: '0123456789abcdef',
  /** What generated object names are made of: no vowels, no look-alikes. */
  suffix: 'bcdfghjklmnpqrstvwxz2456789',
  alphanumeric: `${lower}${lower.toUpperCase()}0123456789`,
  base64url: `${lower}${lower.toUpperCase()}0123456789-_`,
  base32: `${lower.toUpperCase()}234567`,
} as const;

/** xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), seeded with splitmix32 steps. */
export function createRandom(seed: number): SeededRandom {
  let mix = seed | 0;
  const next = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = Math.imul(mix ^ (mix >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let a = next();
  let b = next();
  let c = next();
  let d = next();

  const uint32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const unit = (): number => uint32() / 2 ** 32;
  const chars = (length: number, alphabet: string): string => {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[uint32() % alphabet.length];
    return text;
  };
  return {
    uint32,
    unit,
    between: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    pick: <T>(list: readonly T[]): T => list[uint32() % list.length] as T,
    chars,
    uuid: () => {
      const { hex } = alphabets;
      return `${chars(8, hex)}-${chars(4, hex)}-4${chars(3, hex)}-${'89ab'[uint32() & 3]}${chars(3, hex)}-${chars(12, hex)}`;
    },
  };
}
