/** In place of a group's number: the first group that took part with at least one byte, or the match where none did. */
export const firstGroup = -1;

/** Where a group's start stands in what `Pattern.find` returns. */
export function groupIndex(match: ArrayLike<number>, group: number): number {
  if (group >= 0) return group * 2;
  for (let i = 2; i < match.length; i += 2) if ((match[i + 1] as number) > (match[i] as number)) return i;
  return 0;
}

/**
 * An expression in which everything before and after one group is a group as well: with these three and the match,
 * the group's place follows from lengths alone, and one replace call finds all matches of a text.
 */
export interface GroupSplit {
  readonly source: string;
  /** Numbers of the three groups in `source`. */
  readonly before: number;
  readonly group: number;
  readonly after: number;
}

/** Undefined where the group is inside another group or a choice, so that no such three parts exist. */
export function splitAtGroup(source: string, group: number): GroupSplit | undefined {
  const flags = /^\(\?[a-zA-Z-]+\)/.exec(source)?.[0] ?? '';
  const rest = source.slice(flags.length);
  const found = locate(rest, group);
  if (!found) return undefined;
  const { open, close, before } = found;
  return {
    source: `${flags}(${rest.slice(0, open)})${rest.slice(open, close + 1)}(${rest.slice(close + 1)})`,
    before: 1,
    group: group + 1,
    after: before + 2,
  };
}

/** Where the group's parentheses stand at the top of the expression, and how many groups open before it closes. */
function locate(source: string, group: number): { open: number; close: number; before: number } | undefined {
  let [depth, count, open, close, before] = [0, 0, -1, -1, 0];
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') {
      if (source[at + 1] === 'Q') return undefined;
      at++;
    } else if (char === '[') at = classEnd(source, at);
    else if (char === '(') {
      const plain = source[at + 1] !== '?';
      const named = /^\(\?P?</.test(source.slice(at, at + 4));
      if (/^\(\?[a-zA-Z-]+\)/.test(source.slice(at, at + 10))) return undefined;
      if (plain || named) count++;
      if ((plain || named) && count === group && depth === 0) open = at;
      depth++;
    } else if (char === ')') {
      depth--;
      if (depth === 0 && open >= 0 && close < 0) [close, before] = [at, count];
    } else if (char === '|' && depth === 0) return undefined;
  }
  const repeated = close >= 0 && /[*+?{]/.test(source[close + 1] ?? '');
  return close < 0 || repeated ? undefined : { open, close, before };
}

/** Index of the bracket that closes the class at `start`. */
function classEnd(source: string, start: number): number {
  let at = start + 1;
  if (source[at] === '^') at++;
  if (source[at] === ']') at++;
  while (at < source.length && source[at] !== ']') {
    if (source[at] === '\\') at++;
    else if (source.startsWith('[:', at)) at = source.indexOf(':]', at) + 1;
    at++;
  }
  return at;
}
