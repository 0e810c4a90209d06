import { Fault } from '../../core/faults.ts';
import { compilePattern } from '../../scan/pattern.ts';
import { globExpression, pathExpression } from './glob-expression.ts';

/** Operators whose right side is one text. Those of `needsBlank` must be followed by one. */
export const textOperators = [
  ...['==', '=', '!=', 'glob', 'iglob', 'contains', 'icontains', 'bcontains'],
  ...['startswith', 'bstartswith', 'endswith', 'regex'],
] as const;
export const numberOperators = ['<=', '<', '>=', '>'] as const;
export const listOperators = ['intersects', 'in', 'pmatch'] as const;
/** After an operator with one text: it takes a list, and this says how many of the list must fit. */
export const listModifiers = ['oneof', 'anyof', 'allof'] as const;

export type TextOperator = (typeof textOperators)[number];
export type NumberOperator = (typeof numberOperators)[number];
export type ListOperator = (typeof listOperators)[number];
export type ListModifier = (typeof listModifiers)[number];
export type Operator = TextOperator | NumberOperator | ListOperator | 'exists';

export const allOperators: readonly Operator[] = [...textOperators, ...numberOperators, ...listOperators, 'exists'];

/** Whether a text of an event fits. */
export type TextTest = (text: string) => boolean;

const encoder = new TextEncoder();
const wrongValue = (message: string, remedy: string): Fault => new Fault(message, { code: 'E_RULE_VALUE', remedy });

function expressionTest(expression: string, folded: boolean): TextTest {
  const pattern = compilePattern(`${folded ? '(?i)' : ''}^(?:${expression})$`);
  return (text) => pattern.test(encoder.encode(text));
}

/** A byte string in hexadecimal, as a text of one character for each byte. */
function bytesOf(hex: string): string {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex))
    throw wrongValue(`"${hex}" is no byte string`, 'Write pairs of hexadecimal digits: CAFEBABE.');
  return Buffer.from(hex, 'hex').toString('latin1');
}

const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/**
 * What one text on the right asks for. Case matters except for icontains and iglob; glob is fnmatch(3); regex is RE2 over
 * the whole text. @throws Fault E_RULE_VALUE or E_PATTERN_SYNTAX
 */
export function textTest(operator: TextOperator, wanted: string): TextTest {
  switch (operator) {
    case '=':
    case '==':
      return (text) => text === wanted;
    case '!=':
      return (text) => text !== wanted;
    case 'contains':
      return (text) => text.includes(wanted);
    case 'icontains': {
      const folded = wanted.toLowerCase();
      return (text) => text.toLowerCase().includes(folded);
    }
    case 'startswith':
      return (text) => text.startsWith(wanted);
    case 'endswith':
      return (text) => text.endsWith(wanted);
    case 'bcontains': {
      const bytes = bytesOf(wanted);
      return (text) => asBytes(text).includes(bytes);
    }
    case 'bstartswith': {
      const bytes = bytesOf(wanted);
      return (text) => asBytes(text).startsWith(bytes);
    }
    case 'glob':
    case 'iglob':
      return expressionTest(globExpression(wanted), operator === 'iglob');
    case 'regex':
      return expressionTest(wanted, false);
  }
}

/** How many tests of a list must hold. An empty list never fits. */
export function modifiedTest(modifier: ListModifier, tests: readonly TextTest[]): TextTest {
  if (tests.length === 0) return () => false;
  if (modifier === 'anyof') return (text) => tests.some((test) => test(text));
  if (modifier === 'allof') return (text) => tests.every((test) => test(text));
  return (text) => tests.filter((test) => test(text)).length === 1;
}

/** `in` and `intersects` of one text: it is in the list. */
export function memberTest(wanted: readonly string[]): TextTest {
  const set = new Set(wanted);
  return (text) => set.has(text);
}

/** `pmatch`: the text is one of the paths or lies below one; segments may be globs. */
export function pathTest(paths: readonly string[]): TextTest {
  if (paths.length === 0) return () => false;
  return expressionTest(paths.map(pathExpression).join('|'), false);
}

/** The number a text spells, in decimal or 0x notation; NaN where it spells none. */
export function numberOf(text: string): number {
  return /^(?:0[xX][0-9a-fA-F]+|[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)$/.test(text) ? Number(text) : Number.NaN;
}

const compare: Readonly<Record<NumberOperator, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** Compares as numbers; a text that spells none does not fit. */
export function numberTest(operator: NumberOperator, wanted: string): TextTest {
  const bound = numberOf(wanted);
  if (Number.isNaN(bound)) throw wrongValue(`"${wanted}" is no number`, 'Write a decimal number, or 0x and hexadecimal digits.');
  return (text) => {
    const number = numberOf(text);
    return !Number.isNaN(number) && compare[operator](number, bound);
  };
}

/** Compares byte by byte, as upstream compares its fields, which are all texts: "99" is above "403". */
export function byteOrderTest(operator: NumberOperator, wanted: string): TextTest {
  const bytes = Buffer.from(wanted);
  return (text) => compare[operator](Buffer.compare(Buffer.from(text), bytes), 0);
}
