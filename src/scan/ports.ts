/** What a scanner is handed besides the plan: everything that needs keys or knows a kind. */
export interface MaskTexts {
  /** Replacement for a redacted value of this rule: ASCII without quotes and backslashes. */
  redaction(rule: number): Uint8Array;
  /** Replacement for a value whose mask depends on it (pseudonymise, keep-last-4), or undefined where the value stays (already masked, a kept address). */
  pseudonym(rule: number, text: string): Uint8Array | undefined;
  /** Named check of a pattern's masked text. */
  validate(validator: string, text: string): boolean;
}
