import { limits } from '../../src/core/limits.ts';
import type { Scanner } from '../../src/scan/scanner.ts';

/** Masks that say which rule they are of: what is compared is the scanner, not the texts. */
export const ruleTexts = {
  validate: () => true,
  redaction: (rule: number) => Buffer.from(`[${rule}]`),
  pseudonym: (rule: number, value: string) => Buffer.from(`[${rule}:${value.length}]`),
};

/** All that a scanner says of one event, ready to be compared. */
export function outcome(scanner: Scanner, text: Uint8Array): object {
  const bytes = new Uint8Array(text.length + limits.tilePaddingBytes);
  bytes.set(text);
  const { fault, repeatedKeys, forgedMask, edits, extracts, counts } = scanner.scan(bytes, 0, text.length);
  const upTo = (list: ArrayLike<number>, count: number): number[] => Array.from({ length: count }, (_, i) => list[i] as number);
  return {
    fault,
    fields: upTo(extracts.fields, extracts.count),
    types: upTo(extracts.types, extracts.count),
    starts: upTo(extracts.starts, extracts.count),
    ends: upTo(extracts.ends, extracts.count),
    ...(fault === 0 && {
      repeatedKeys,
      forgedMask,
      edits: upTo(edits.starts, edits.count).map((start, i) => [
        start,
        edits.ends[i],
        Buffer.from(edits.texts[i] ?? []).toString(),
      ]),
      counts: [...counts],
    }),
  };
}
