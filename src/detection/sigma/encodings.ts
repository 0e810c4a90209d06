export type WideEncoding = 'utf16le' | 'utf16be' | 'utf16';

/** The bytes a text has in an encoding; `utf16` starts with a byte order mark (little endian). */
export function encodeText(text: string, encoding: WideEncoding | undefined): Uint8Array {
  if (encoding === undefined) return Buffer.from(text, 'utf8');
  const little = Buffer.from(text, 'utf16le');
  if (encoding === 'utf16be') return little.swap16();
  return encoding === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), little]) : little;
}

/** Bytes as a text holds them that was read as one character a byte. */
export function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** What of the base64 form is the same wherever the bytes start: one text for each of the three alignments. */
export function base64Offsets(bytes: Uint8Array): readonly string[] {
  const skip = [0, 2, 3];
  const cut = [0, 3, 2];
  return [0, 1, 2].map((shift) => {
    const text = base64Of(Buffer.concat([Buffer.alloc(shift), Buffer.from(bytes)]));
    return text.slice(skip[shift], text.length - (cut[(bytes.length + shift) % 3] ?? 0));
  });
}
