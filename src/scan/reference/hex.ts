/** 0 … 15 for the hexadecimal digits, 255 for other bytes. */
export const hexValues = new Uint8Array(256).fill(255);
for (let i = 0; i < 16; i++) {
  hexValues[i.toString(16).charCodeAt(0)] = i;
  hexValues[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

export function isHex(byte: number | undefined): boolean {
  return byte !== undefined && hexValues[byte] !== 255;
}

/** Value of `digits` hexadecimal digits at `at`. */
export function readHex(bytes: Uint8Array, at: number, digits: number): number {
  let code = 0;
  for (let i = at; i < at + digits; i++) code = code * 16 + (hexValues[bytes[i] as number] as number);
  return code;
}
