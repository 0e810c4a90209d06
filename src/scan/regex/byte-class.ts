/** A set of byte values: 256 entries, 1 where the byte belongs. */
export type ByteClass = Uint8Array;

export function emptyClass(): ByteClass {
  return new Uint8Array(256);
}

export function rangeClass(from: number, to: number): ByteClass {
  return emptyClass().fill(1, from, to + 1);
}

export function addClass(to: ByteClass, more: ByteClass): void {
  for (let byte = 0; byte < 256; byte++) if (more[byte] === 1) to[byte] = 1;
}

export function unionClass(...classes: readonly ByteClass[]): ByteClass {
  const union = emptyClass();
  for (const one of classes) addClass(union, one);
  return union;
}

export function invertClass(one: ByteClass): ByteClass {
  return one.map((member) => (member ? 0 : 1));
}

/** Adds the other case of every ASCII letter. */
export function foldClass(one: ByteClass): ByteClass {
  const folded = one.slice();
  for (let byte = 65; byte <= 90; byte++) {
    if (one[byte] || one[byte + 32]) {
      folded[byte] = 1;
      folded[byte + 32] = 1;
    }
  }
  return folded;
}

export function classSize(one: ByteClass): number {
  return one.reduce((sum, member) => sum + member, 0);
}

const interned = new Map<string, ByteClass>();
const mostInterned = 4_096;

/** One object for each class that is asked for: then classes are compared by looking at nothing. Must not be changed. */
export function internedClass(one: ByteClass): ByteClass {
  const key = Buffer.from(one.buffer, one.byteOffset, one.length).toString('latin1');
  const known = interned.get(key);
  if (known) return known;
  if (interned.size >= mostInterned) interned.clear();
  interned.set(key, one);
  return one;
}

const digits = rangeClass(48, 57);
/** Letters, digits, underscore. */
export const wordBytes = unionClass(digits, rangeClass(65, 90), rangeClass(97, 122), rangeClass(95, 95));
const spaces = unionClass(rangeClass(9, 10), rangeClass(12, 13), rangeClass(32, 32));
const perl: Readonly<Record<string, ByteClass>> = { d: digits, w: wordBytes, s: spaces };

/** `\d`, `\w`, `\s` and their complements (RE2: ASCII only; complements hold all bytes of other characters). */
export function perlClass(letter: string): ByteClass | undefined {
  const lower = perl[letter.toLowerCase()];
  if (!lower) return undefined;
  return letter === letter.toLowerCase() ? lower : invertClass(lower);
}

/** POSIX names inside brackets, as RE2 knows them. */
export function posixClass(name: string): ByteClass | undefined {
  const upper = rangeClass(65, 90);
  const lower = rangeClass(97, 122);
  const table: Readonly<Record<string, ByteClass>> = {
    alpha: unionClass(upper, lower),
    digit: digits,
    alnum: unionClass(upper, lower, digits),
    upper,
    lower,
    space: unionClass(rangeClass(9, 13), rangeClass(32, 32)),
    xdigit: unionClass(digits, rangeClass(65, 70), rangeClass(97, 102)),
    word: wordBytes,
    punct: unionClass(rangeClass(33, 47), rangeClass(58, 64), rangeClass(91, 96), rangeClass(123, 126)),
    print: rangeClass(32, 126),
    graph: rangeClass(33, 126),
    blank: unionClass(rangeClass(9, 9), rangeClass(32, 32)),
    cntrl: unionClass(rangeClass(0, 31), rangeClass(127, 127)),
  };
  return table[name];
}
