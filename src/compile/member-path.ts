import { Fault } from '../core/faults.ts';

/** Where a path starts and the member names from there. `*` is any name. Arrays are transparent. */
export interface MemberPath {
  readonly from: 'event' | 'any';
  readonly names: readonly string[];
}

/** Splits `a."b.c".*` into its names. @throws Fault E_PATH_SYNTAX */
export function splitPath(text: string): string[] {
  const names: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quoted = text[at] === '"';
    const end = quoted ? text.indexOf('"', at + 1) : nextDot(text, at);
    if (end < 0) throw badPath(text);
    const name = text.slice(quoted ? at + 1 : at, end);
    if (name === '') throw badPath(text);
    names.push(name);
    at = quoted ? end + 1 : end;
    if (at < text.length && text[at] !== '.') throw badPath(text);
    if (text[at] === '.' && at + 1 === text.length) throw badPath(text);
    at++;
  }
  return names;
}

/** Reads `event`, `**`, `event.<path>` or `**.<path>`. @throws Fault E_PATH_SYNTAX */
export function parseAnchor(text: string): MemberPath {
  for (const [word, from] of [
    ['event', 'event'],
    ['**', 'any'],
  ] as const) {
    if (text === word) return { from, names: [] };
    if (text.startsWith(`${word}.`)) return { from, names: splitPath(text.slice(word.length + 1)) };
  }
  throw badPath(text);
}

function nextDot(text: string, from: number): number {
  const dot = text.indexOf('.', from);
  return dot < 0 ? text.length : dot;
}

function badPath(text: string): Fault {
  return new Fault(`not a path: ${JSON.stringify(text)}`, {
    code: 'E_PATH_SYNTAX',
    remedy: 'Write event, ** or either followed by member names joined with dots; a name with dots in double quotes.',
  });
}
