const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Index after the UTF-8 character beyond ASCII at `at`, -1 where it is not well-formed: overlong, a surrogate, beyond
 * U+10FFFF, or cut (Unicode Standard, table 3-7).
 */
export function skipCharacter(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const second = at + 1 < end ? (bytes[at + 1] as number) : 0;
  if (lead >= 0xc2 && lead <= 0xdf) return continues(second) ? at + 2 : -1;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && at + 2 < end && continues(bytes[at + 2]) ? at + 3 : -1;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && at + 3 < end && continues(bytes[at + 2]) && continues(bytes[at + 3]) ? at + 4 : -1;
  }
  return -1;
}
