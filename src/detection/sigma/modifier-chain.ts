import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import type { Comparison } from '../predicates.ts';
import { type TimePart, timeParts } from '../time-part.ts';
import type { WideEncoding } from './encodings.ts';
import type { Anchor } from './sigma-string.ts';

/** What a chain of modifiers asks for. */
export interface Modifiers {
  readonly anchor: Anchor;
  readonly all: boolean;
  /** Our own: every value of the field fits one of the list. */
  readonly every: boolean;
  readonly exists: boolean;
  /** Our own: the field is there and holds null, as a patch writes it that removes the field. */
  readonly isNull: boolean;
  readonly cased: boolean;
  readonly neq: boolean;
  readonly windash: boolean;
  /** Flags of an expression; undefined where the value is none. */
  readonly re: string | undefined;
  readonly cidr: boolean;
  readonly compare: Comparison | undefined;
  readonly timePart: TimePart | undefined;
  readonly wide: WideEncoding | undefined;
  readonly base64: 'base64' | 'base64offset' | undefined;
  readonly fieldref: boolean;
  readonly expand: boolean;
}

const anchors = ['contains', 'startswith', 'endswith'];
const comparisons = ['lt', 'lte', 'gt', 'gte'];
const times = Object.keys(timeParts);
const flags: Readonly<Record<string, string>> = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' };
const wides: Readonly<Record<string, WideEncoding>> = { utf16le: 'utf16le', wide: 'utf16le', utf16be: 'utf16be', utf16: 'utf16' };
const encodings = ['base64', 'base64offset'];
const known = [
  ...anchors,
  ...comparisons,
  ...times,
  ...encodings,
  ...Object.keys(flags),
  ...Object.keys(wides),
  ...['all', 'exists', 'cased', 'neq', 'windash', 're', 'cidr', 'fieldref', 'expand', 'x-every', 'x-null'],
];

/** What a modifier goes together with. Anything else contradicts it, and a contradiction would drop a condition unnoticed. */
const counts = ['all', 'neq', 'x-every'];
const companions: Readonly<Record<string, readonly string[]>> = {
  exists: [],
  'x-null': [],
  re: [...Object.keys(flags), ...counts, 'cased', 'expand'],
  cidr: [...counts, 'expand'],
  'x-every': known.filter((name) => !['x-every', 'x-null', 'all', 'neq', 'exists', 'fieldref'].includes(name)),
  fieldref: [...anchors, 'cased', 'neq', 'all'],
  ...Object.fromEntries(comparisons.map((name) => [name, [...times, ...counts, 'expand']])),
  ...Object.fromEntries(times.map((name) => [name, [...comparisons, ...counts, 'expand']])),
  ...Object.fromEntries(
    anchors.map((name) => [name, [...counts, 'cased', 'windash', 'fieldref', 'expand', ...encodings, ...Object.keys(wides)]]),
  ),
};

const wrong = (message: string, remedy?: string): Fault =>
  new Fault(message, { code: 'E_RULE_MODIFIER', ...(remedy ? { remedy } : {}) });

function checkNames(names: readonly string[]): void {
  for (const name of names) if (!known.includes(name)) throw wrong(`unknown modifier "${name}"`, didYouMean(name, known));
  const [flag = ''] = names.filter((name) => name in flags);
  if (flag && !names.includes('re')) throw wrong(`the modifier "${flag}" stands only after "re"`);
  for (const name of names) {
    const allowed = companions[name];
    const other = names.find((one) => one !== name && allowed?.includes(one) === false);
    if (other !== undefined) throw wrong(`the modifiers "${name}" and "${other}" exclude each other`);
  }
}

/** Modifiers work from left to right: a text is encoded before it is looked for, and its bytes are made before base64. */
function checkOrder(names: readonly string[]): void {
  const at = (list: readonly string[]): number => names.findIndex((name) => list.includes(name));
  const [wide, encoding, anchor] = [at(Object.keys(wides)), at(encodings), at(anchors)];
  for (const [first, second] of [
    [wide, encoding],
    [wide, anchor],
    [encoding, anchor],
  ] as const) {
    if (first >= 0 && second >= 0 && first > second)
      throw wrong(`the modifier "${names[first]}" stands before "${names[second]}"`, `${names[first]}|${names[second]}`);
  }
  for (const list of [Object.keys(wides), encodings]) {
    if (names.filter((name) => list.includes(name)).length > 1) throw wrong('a value is encoded once only');
  }
}

/** Reads the modifiers after a field name. @throws Fault E_RULE_MODIFIER for what is unknown or contradictory. */
export function readModifiers(names: readonly string[]): Modifiers {
  checkNames(names);
  checkOrder(names);
  const has = (name: string): boolean => names.includes(name);
  const one = (list: readonly string[]): string | undefined => names.find((name) => list.includes(name));
  const wide = one(Object.keys(wides));
  const offset = has('base64offset');
  return {
    anchor: (one(anchors) as Anchor | undefined) ?? (offset ? 'contains' : 'whole'),
    all: has('all'),
    every: has('x-every'),
    exists: has('exists'),
    isNull: has('x-null'),
    cased: has('cased') || has('base64') || offset,
    neq: has('neq'),
    windash: has('windash'),
    re: has('re') ? [...new Set(names.flatMap((name) => flags[name] ?? []))].join('') : undefined,
    cidr: has('cidr'),
    compare: one(comparisons) as Comparison | undefined,
    timePart: one(times) as TimePart | undefined,
    wide: wide === undefined ? undefined : wides[wide],
    base64: offset ? 'base64offset' : has('base64') ? 'base64' : undefined,
    fieldref: has('fieldref'),
    expand: has('expand'),
  };
}
