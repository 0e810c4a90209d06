/**
 * What could move the cursor, change colours or reorder what people see, and what is not seen at all: control characters (C0, C1,
 * DEL), format characters (among them all bidirectional controls of UAX #9), characters that show nothing (variation selectors,
 * fillers), halves of surrogate pairs, line and paragraph separators.
 */
export const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{DI}\p{Zl}\p{Zp}]/gu;
