import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import { compilePattern } from '../../scan/pattern.ts';
import { parseNetwork } from '../cidr.ts';
import type { ValueTest } from '../condition.ts';
import { type Comparison, compares, inNetworkTest, matchesPattern } from '../predicates.ts';
import { base64Of, base64Offsets, encodeText, type WideEncoding, windashVariants } from './encodings.ts';
import { type Anchor, parseSigmaString, plainText, testOfSigmaString } from './sigma-string.ts';

/** What a chain of modifiers asks for. */
export interface Modifiers {
  readonly anchor: Anchor;
  readonly all: boolean;
  readonly exists: boolean;
  readonly cased: boolean;
  readonly neq: boolean;
  readonly windash: boolean;
  readonly re: string | undefined;
  readonly cidr: boolean;
  readonly compare: Comparison | undefined;
  readonly wide: WideEncoding | undefined;
  readonly base64: 'base64' | 'base64offset' | undefined;
}

const anchors: readonly string[] = ['contains', 'startswith', 'endswith'];
const comparisons: readonly string[] = ['lt', 'lte', 'gt', 'gte'];
const flags: Readonly<Record<string, string>> = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' };
const wides: Readonly<Record<string, WideEncoding>> = { utf16le: 'utf16le', wide: 'utf16le', utf16be: 'utf16be', utf16: 'utf16' };
const plain = ['all', 'exists', 'cased', 'neq', 'windash', 're', 'cidr', 'base64', 'base64offset'];
const known = [...anchors, ...comparisons, ...plain, ...Object.keys(flags), ...Object.keys(wides)];
/** In the specification, but refused here: a rule that quietly lost a condition would be worse. */
const refused = ['expand', 'fieldref', 'minute', 'hour', 'day', 'week', 'month', 'year'];

const wrong = (message: string, remedy?: string): Fault =>
  new Fault(message, { code: 'E_RULE_MODIFIER', ...(remedy ? { remedy } : {}) });

function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (refused.includes(name))
      throw wrong(`the modifier "${name}" is not supported`, 'Write the values out, or leave the rule out.');
    if (!known.includes(name)) throw wrong(`unknown modifier "${name}"`, didYouMean(name, known));
  }
  const kinds = names.filter(
    (name) => anchors.includes(name) || comparisons.includes(name) || ['re', 'cidr', 'exists'].includes(name),
  );
  if (kinds.length > 1) throw wrong(`the modifiers "${kinds.join('" and "')}" exclude each other`);
  const [first = ''] = names.filter((name) => name in flags);
  if (first && !names.includes('re')) throw wrong(`the modifier "${first}" stands only after "re"`);
  const encoded = names.includes('base64') || names.includes('base64offset');
  const [wide = ''] = names.filter((name) => name in wides);
  if (wide && !encoded) throw wrong(`the modifier "${wide}" is supported only before base64 or base64offset`);
}

/** Reads the modifiers after a field name. @throws Fault E_RULE_MODIFIER for what is unknown, refused or contradictory. */
export function parseModifiers(names: readonly string[]): Modifiers {
  checkNames(names);
  const has = (name: string): boolean => names.includes(name);
  const one = (list: readonly string[]): string | undefined => names.find((name) => list.includes(name));
  const wide = one(Object.keys(wides));
  const offset = has('base64offset');
  return {
    anchor: (one(anchors) as Anchor | undefined) ?? (offset ? 'contains' : 'whole'),
    all: has('all'),
    exists: has('exists'),
    cased: has('cased') || has('base64') || offset,
    neq: has('neq'),
    windash: has('windash'),
    re: has('re') ? [...new Set(names.flatMap((name) => flags[name] ?? []))].join('') : undefined,
    cidr: has('cidr'),
    compare: one(comparisons) as Comparison | undefined,
    wide: wide === undefined ? undefined : wides[wide],
    base64: offset ? 'base64offset' : has('base64') ? 'base64' : undefined,
  };
}

function encodedTests(text: string, modifiers: Modifiers): readonly ValueTest[] {
  const literal = plainText(parseSigmaString(text));
  if (literal === undefined) throw wrong('a value that is encoded cannot have wildcards', 'Escape them: \\* and \\?.');
  const bytes = encodeText(literal, modifiers.wide);
  const texts = modifiers.base64 === 'base64offset' ? base64Offsets(bytes) : [base64Of(bytes)];
  return texts.map((encoded) => testOfSigmaString([[encoded]], modifiers.anchor, true));
}

/** The tests of one value; the value fits when one of them passes. @throws Fault E_RULE_VALUE or E_PATTERN_SYNTAX. */
export function testsOfValue(text: string, modifiers: Modifiers): readonly ValueTest[] {
  if (modifiers.re !== undefined) return [matchesPattern(compilePattern(modifiers.re ? `(?${modifiers.re})${text}` : text))];
  if (modifiers.cidr) {
    const network = parseNetwork(text);
    if (!network)
      throw new Fault(`"${text}" is not a network`, { code: 'E_RULE_VALUE', remedy: 'Write 192.0.2.0/24 or 2001:db8::/32.' });
    return [inNetworkTest(network, text)];
  }
  if (modifiers.compare) {
    const bound = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(bound)) throw new Fault(`"${text}" is not a number`, { code: 'E_RULE_VALUE' });
    return [compares(modifiers.compare, bound)];
  }
  if (modifiers.base64) return encodedTests(text, modifiers);
  const spellings = modifiers.windash ? windashVariants(text) : [text];
  return spellings.map((spelling) => testOfSigmaString(parseSigmaString(spelling), modifiers.anchor, modifiers.cased));
}
