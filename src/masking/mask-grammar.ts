/** What stands in place of a masked value. The kind is kebab-case; the id names the key of the pseudonym. */
export interface MaskText {
  readonly kind: string;
  /** Absent for a redaction. */
  readonly keyId: string | undefined;
}

const grammar = /^\[MASKED:([a-z][a-z0-9-]{0,62})(?::([a-z0-9]{1,16}):[0-9a-f]{16})?\]$/;
/** Longest mask text: 63 bytes kind, 16 bytes key id, 16 hex digits and the frame. */
export const maskTextBytes = 8 + 1 + 63 + 1 + 16 + 1 + 16 + 1;

/**
 * Reads a whole value as a mask, or as base64 of one. A value that only contains a mask is not one: masking must not
 * be avoided by writing a mask next to a secret.
 */
export function parseMask(value: string): MaskText | undefined {
  if (value.length > maskTextBytes * 2) return undefined;
  const match = grammar.exec(value) ?? grammar.exec(decodeBase64(value));
  return match ? { kind: match[1]!, keyId: match[2] } : undefined;
}

/** Base64 of a text that starts with `[MASKED:`, else an empty string. */
function decodeBase64(value: string): string {
  if (!value.startsWith('W01BU0tFRD')) return '';
  return Buffer.from(value, 'base64').toString('latin1');
}
