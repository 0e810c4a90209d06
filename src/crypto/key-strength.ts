/** 32 random bytes have about 30 different values; fewer than this many happen less than once in 10^15 keys. */
const leastValues = 17;
/** Random bytes hold a run of this many equal ones less than once in 10^10 keys. */
const longestRun = 6;

/**
 * Why bytes cannot be a random key; undefined where nothing speaks against it. Finds what people put there by hand: zeros,
 * counters, repeated words, typed text, hex or base64 written where bytes were meant. Says nothing about a bad generator.
 * @param key 32 bytes
 */
export function weaknessOf(key: Uint8Array): string | undefined {
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'it is text, not random bytes';
  const step = ((key[1] ?? 0) - (key[0] ?? 0)) & 0xff;
  if (key.every((byte, i) => i === 0 || ((byte - (key[i - 1] ?? 0)) & 0xff) === step)) return 'it is a row of numbers';
  if (new Set(key).size < leastValues || hasRun(key)) return 'it repeats itself';
  return undefined;
}

function hasRun(key: Uint8Array): boolean {
  let run = 1;
  for (let i = 1; i < key.length; i++) {
    run = key[i] === key[i - 1] ? run + 1 : 1;
    if (run === longestRun) return true;
  }
  return false;
}
