import { randomBytes } from 'node:crypto';

/** Bytes from the system's generator, for keys and temporary file names. */
export function systemRandom(bytes: number): Uint8Array {
  return randomBytes(bytes);
}
