/**
 * What could move the cursor, change colours or reorder what people see: control characters (C0, C1, DEL), format
 * characters (among them all bidirectional controls of UAX #9), line and paragraph separators.
 */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
