import { valueTypes } from '../core/extracts.ts';
import type { Pattern } from '../scan/pattern.ts';
import { inNetwork, type Network, parseAddress } from './cidr.ts';
import type { EventValue, ValueTest } from './condition.ts';

const isScalar = (value: EventValue): boolean => value.type < valueTypes.null;

type TextCheck = (text: string, wanted: string) => boolean;

function textTest(kind: string, wanted: string, cased: boolean, check: TextCheck): ValueTest {
  const about = `${kind} ${JSON.stringify(wanted)}${cased ? ' (case matters)' : ''}`;
  if (cased) return { about, key: about, test: (value) => isScalar(value) && check(value.text(), wanted) };
  const folded = wanted.toLowerCase();
  const key = `${kind} ${JSON.stringify(folded)}`;
  return { about, key, test: (value) => isScalar(value) && check(value.folded(), folded) };
}

/** Whole text. A number also equals another spelling of itself: 403 and 4.03e2. */
export function equals(wanted: string, cased: boolean): ValueTest {
  const number = /^-?\d+(\.\d+)?$/.test(wanted) ? Number(wanted) : undefined;
  const text = textTest('equals', wanted, cased, (have, want) => have === want);
  if (number === undefined) return text;
  const same = (value: EventValue): boolean => value.type === valueTypes.number && Number(value.text()) === number;
  return { ...text, test: (value) => text.test(value) || same(value) };
}

/** One of many whole texts, without looking at each. */
export function oneOf(wanted: readonly string[]): ValueTest {
  const set = new Set(wanted.map((text) => text.toLowerCase()));
  const about = `one of ${wanted.map((text) => JSON.stringify(text)).join(', ')}`;
  const key = `one of ${JSON.stringify([...set].sort())}`;
  return { about, key, test: (value) => isScalar(value) && set.has(value.folded()) };
}

export function contains(wanted: string, cased: boolean): ValueTest {
  return textTest('contains', wanted, cased, (have, want) => have.includes(want));
}

export function startsWith(wanted: string, cased: boolean): ValueTest {
  return textTest('starts with', wanted, cased, (have, want) => have.startsWith(want));
}

export function endsWith(wanted: string, cased: boolean): ValueTest {
  return textTest('ends with', wanted, cased, (have, want) => have.endsWith(want));
}

/** Anything but null, whatever its type. */
export const present: ValueTest = {
  about: 'exists',
  isPresence: true,
  test: (value) => value.type !== valueTypes.null,
};

/** A text of at least one character, or an object or array that is not empty (Sigma's `'*'`). */
export const notEmpty: ValueTest = {
  about: 'is not empty',
  isPresence: true,
  test: (value) => (value.type >= valueTypes.object ? value.size > 2 : isScalar(value) && value.text() !== ''),
};

/** A part of a glob: a literal, one character of any kind, or one of a few characters of the basic plane. */
export type GlobPart = string | { readonly one: true; readonly of?: string };

function partsAt(text: string, at: number, parts: readonly GlobPart[]): number {
  let position = at;
  for (const part of parts) {
    if (typeof part === 'string') {
      if (!text.startsWith(part, position)) return -1;
      position += part.length;
    } else {
      const code = text.codePointAt(position);
      if (code === undefined || (part.of !== undefined && !part.of.includes(text.charAt(position)))) return -1;
      position += code > 0xffff ? 2 : 1;
    }
  }
  return position;
}

function globMatches(text: string, segments: readonly (readonly GlobPart[])[]): boolean {
  const last = segments.length - 1;
  let position = partsAt(text, 0, segments[0] ?? []);
  if (position < 0) return false;
  if (last === 0) return position === text.length;
  for (let i = 1; i < last; i++) {
    const parts = segments[i] ?? [];
    let end = -1;
    for (let from = position; end < 0 && from <= text.length; from++) {
      if (typeof parts[0] === 'string') from = text.indexOf(parts[0], from);
      if (from < 0) return false;
      end = partsAt(text, from, parts);
    }
    if (end < 0) return false;
    position = end;
  }
  const tail = segments[last] ?? [];
  for (let from = text.length; from >= position; from--) if (partsAt(text, from, tail) === text.length) return true;
  return false;
}

/** Segments between the `*` of a pattern; each segment is found at its leftmost place, so time grows with text times pattern. */
export function glob(segments: readonly (readonly GlobPart[])[], cased: boolean): ValueTest {
  const fold = (part: GlobPart): GlobPart => (typeof part === 'string' && !cased ? part.toLowerCase() : part);
  const wanted = segments.map((segment) => segment.map(fold));
  const shown = wanted
    .map((segment) => segment.map((part) => (typeof part === 'string' ? part : part.of ? `[${part.of}]` : '?')).join(''))
    .join('*');
  return {
    about: `is like ${JSON.stringify(shown)}`,
    key: `like ${JSON.stringify(wanted)}${cased ? ' cased' : ''}`,
    test: (value) => isScalar(value) && globMatches(cased ? value.text() : value.folded(), wanted),
  };
}

export function matchesPattern(pattern: Pattern): ValueTest {
  const about = `matches /${pattern.source}/`;
  return { about, key: about, test: (value) => isScalar(value) && pattern.test(value.utf8()) };
}

export function inNetworkTest(network: Network, about: string): ValueTest {
  return {
    about: `in ${about}`,
    key: `in ${network.bits} ${network.bytes.join('.')}`,
    test: (value) => {
      const address = isScalar(value) && value.size <= 64 ? parseAddress(value.text()) : undefined;
      return address !== undefined && inNetwork(address, network);
    },
  };
}

/** Passes where one of the tests passes for some value anywhere in the event. */
export function anywhere(tests: readonly ValueTest[]): ValueTest {
  const passes = (value: EventValue): boolean => tests.some((test) => test.test(value));
  return {
    about: `anywhere: ${tests.map((test) => test.about).join(' or ')}`,
    test: (value) => value.some(passes),
  };
}

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

/** Numbers, and texts that spell one. */
export function compares(operator: Comparison, bound: number): ValueTest {
  const holds = {
    lt: (n: number) => n < bound,
    lte: (n: number) => n <= bound,
    gt: (n: number) => n > bound,
    gte: (n: number) => n >= bound,
  };
  const check = holds[operator];
  return {
    about: `${operator} ${bound}`,
    key: `${operator} ${bound}`,
    test: (value) => {
      if (value.type > valueTypes.number || value.size === 0 || value.size > 64) return false;
      const text = value.text();
      const number = /^[-+.\d]/.test(text) ? Number(text) : Number.NaN;
      return !Number.isNaN(number) && check(number);
    },
  };
}
