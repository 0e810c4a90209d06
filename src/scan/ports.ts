/** What a scanner is handed besides the plan: everything that needs keys or knows a kind. */
export interface MaskTexts {
  /** Replacement for a redacted value of this rule: ASCII without quotes and backslashes. */
  redaction(rule: number): Uint8Array;
  /** Replacement for a value whose mask depends on it (pseudonymise, keep-last-4), or undefined where the value stays (already masked, a kept address). */
  pseudonym(rule: number, text: string): Uint8Array | undefined;
  /** Named check of a pattern's masked text. */
  validate(validator: string, text: string): boolean;
}

/** Compression, which the pure part of the program is handed. */
export interface Codecs {
  /** Unpacks gzip (RFC 1952); undefined where it is none, `too-large` where it unpacks to more than `most` bytes. */
  unzip(bytes: Uint8Array, most: number): Uint8Array | 'too-large' | undefined;
  /** Packs as gzip; equal bytes give equal results. */
  zip(bytes: Uint8Array): Uint8Array;
}
