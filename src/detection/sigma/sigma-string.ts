import type { ValueTest } from '../condition.ts';
import { contains, endsWith, equals, type GlobPart, glob, notEmpty, startsWith } from '../predicates.ts';

/** A Sigma string: literals, `?` and, between the segments, `*`. */
export type Segments = readonly (readonly GlobPart[])[];

/**
 * Reads wildcards and escapes (Sigma rules specification 2.1, "Escaping"): `*` and `?` are wildcards, `\*`, `\?` and
 * `\\` before a wildcard are literal, any other backslash is itself.
 */
export function parseSigmaString(text: string): Segments {
  const segments: GlobPart[][] = [[]];
  let literal = '';
  const last = (): GlobPart[] => segments[segments.length - 1] ?? [];
  const flush = (): void => {
    if (literal !== '') last().push(literal);
    literal = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const next = text.charAt(i + 1);
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (char === '*') {
      flush();
      segments.push([]);
    } else if (char === '?') {
      flush();
      last().push({ one: true });
    } else literal += char;
  }
  flush();
  return segments;
}

/** The dash of a command line flag in each of its forms (Sigma `windash`). */
const dashes = '-/\u2013\u2014\u2015';

/** Every dash or slash that starts a flag, each on its own, in any of its forms: no word character before it, one after it. */
export function anyDash(segments: Segments): Segments {
  return segments.map((segment) =>
    segment.flatMap((part): readonly GlobPart[] => {
      if (typeof part !== 'string') return [part];
      const parts: GlobPart[] = [];
      let from = 0;
      for (const flag of part.matchAll(/(?<!\w)[-/\u2013\u2014\u2015](?=\w)/g)) {
        if (flag.index > from) parts.push(part.slice(from, flag.index));
        parts.push({ one: true, of: dashes });
        from = flag.index + 1;
      }
      return from < part.length ? [...parts, part.slice(from)] : parts;
    }),
  );
}

export type Anchor = 'whole' | 'contains' | 'startswith' | 'endswith';

const literalOf = (segment: readonly GlobPart[] | undefined): string | undefined => {
  if (!segment || segment.length > 1) return undefined;
  const [part = ''] = segment;
  return typeof part === 'string' ? part : undefined;
};

/** The literal text, where the string has no wildcard. */
export function plainText(segments: Segments): string | undefined {
  return segments.length === 1 ? literalOf(segments[0]) : undefined;
}

/** The cheapest test that means the same. */
export function testOfSigmaString(segments: Segments, anchor: Anchor, cased: boolean): ValueTest {
  const open: readonly GlobPart[][] = [[]];
  const before = anchor === 'contains' || anchor === 'endswith' ? open : [];
  const after = anchor === 'contains' || anchor === 'startswith' ? open : [];
  const all = [...before, ...segments, ...after];
  const middle = all.filter((segment, i) => i === 0 || i === all.length - 1 || segment.length > 0);
  const texts = middle.map(literalOf);
  const [first, second, third] = texts;
  if (middle.length === 1 && first !== undefined) return equals(first, cased);
  if (middle.length === 2 && first === '' && second === '') return notEmpty;
  if (middle.length === 2 && first !== undefined && second === '') return startsWith(first, cased);
  if (middle.length === 2 && first === '' && second !== undefined) return endsWith(second, cased);
  if (middle.length === 3 && first === '' && second !== undefined && third === '') return contains(second, cased);
  return glob(middle, cased);
}
