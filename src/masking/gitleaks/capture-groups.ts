/** A group of an expression that captures, as it is written. */
export interface CaptureGroup {
  readonly text: string;
  /** Stands in another group that captures. */
  readonly nested: boolean;
  /** Followed by `*`, `+` or `{…}`, or in a group that is: it holds its last turn only. */
  readonly repeated: boolean;
}

/** The capturing groups of an RE2 expression, in order of their numbers. The expression must be valid. */
export function captureGroups(expression: string): readonly CaptureGroup[] {
  const groups: CaptureGroup[] = [];
  const open: {
    readonly number: number | undefined;
    readonly start: number;
    readonly nested: boolean;
    readonly first: number;
  }[] = [];
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at];
    if (char === '\\') {
      const quoted = expression[at + 1] === 'Q' ? expression.indexOf('\\E', at) : -1;
      at = quoted < 0 ? at + 1 : quoted + 1;
    } else if (char === '[') at = classEnd(expression, at);
    else if (char === '(') {
      const name = /^\(\?P?<[^>]*>/.exec(expression.slice(at, at + 80))?.[0];
      const captures = name !== undefined || expression[at + 1] !== '?';
      const nested = open.some((one) => one.number !== undefined);
      open.push({ number: captures ? groups.length : undefined, start: at + (name?.length ?? 1), nested, first: groups.length });
      if (captures) groups.push({ text: '', nested, repeated: false });
    } else if (char === ')') {
      const { number, start = 0, nested = false, first = groups.length } = open.pop() ?? {};
      if (number !== undefined) groups[number] = { text: expression.slice(start, at), nested, repeated: false };
      if (!/[*+{]/.test(expression[at + 1] ?? '')) continue;
      for (let i = first; i < groups.length; i++) groups[i] = { ...(groups[i] as CaptureGroup), repeated: true };
    }
  }
  return groups;
}

/** True where the group matches one text only: what it captures says nothing. */
export function isLiteral({ text }: CaptureGroup): boolean {
  return /^(?:\\[^a-zA-Z0-9]|[^\\.^$|?*+()[\]{}])*$/.test(text);
}

/** Index of the bracket that closes the class at `start`. */
function classEnd(source: string, start: number): number {
  let at = start + 1;
  if (source[at] === '^') at++;
  if (source[at] === ']') at++;
  for (; at < source.length && source[at] !== ']'; at++) {
    if (source[at] === '\\') at++;
    else if (source.startsWith('[:', at)) at = source.indexOf(':]', at) + 1;
  }
  return at;
}
