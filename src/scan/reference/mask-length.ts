const maskStart = Buffer.from('[MASKED:');
/** Longest mask: kind, key id and 16 hex digits with their frame. */
export const maskBytes = 8 + 63 + 1 + 16 + 1 + 16 + 1;

/** Bytes of the mask that starts at `at`; 0 where none does. */
export function maskLength(bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < maskStart.length; i++) if (bytes[at + i] !== maskStart[i]) return 0;
  const last = Math.min(end, at + maskBytes);
  for (let i = at + maskStart.length; i < last; i++) {
    const byte = bytes[i] as number;
    if (byte === 93) return i + 1 - at;
    if (!((byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 58) || byte === 45)) return 0;
  }
  return 0;
}
