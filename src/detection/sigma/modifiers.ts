import { Fault } from '../../core/faults.ts';
import { compilePattern } from '../../scan/pattern.ts';
import { parseNetwork } from '../cidr.ts';
import type { ValueTest } from '../condition.ts';
import { type Comparison, compares, inNetworkTest, matchesPattern } from '../predicates.ts';
import { type TimePart, timeParts, timePartTest } from '../time-part.ts';
import { base64Of, base64Offsets, bytesAsText, encodeText } from './encodings.ts';
import type { Modifiers } from './modifier-chain.ts';
import { anyDash, parseSigmaString, plainText, type Segments, testOfSigmaString } from './sigma-string.ts';

const badValue = (message: string, remedy?: string): Fault =>
  new Fault(message, { code: 'E_RULE_VALUE', ...(remedy === undefined ? {} : { remedy }) });

/** The texts a value is looked for as: itself, in another encoding, or with other dashes. */
export function segmentsOfValue(text: string, modifiers: Modifiers): readonly Segments[] {
  const { wide, base64, windash } = modifiers;
  const segments = parseSigmaString(text);
  const spelt = windash ? anyDash(segments) : segments;
  if (wide === undefined && base64 === undefined) return [spelt];
  const literal = plainText(spelt);
  if (windash || literal === undefined)
    throw badValue('a value that is encoded cannot have wildcards', 'Escape them: \\* and \\?.');
  const bytes = encodeText(literal, wide);
  if (base64 === 'base64offset') return base64Offsets(bytes).map((encoded) => [[encoded]]);
  return [[[base64 === 'base64' ? base64Of(bytes) : bytesAsText(bytes)]]];
}

function numberOf(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw badValue(`"${text}" is not a number`);
  return number;
}

function timeTest(part: TimePart, text: string, operator: Comparison | undefined): ValueTest {
  const number = numberOf(text);
  const [least, most] = timeParts[part];
  if (!Number.isInteger(number) || number < least || number > most)
    throw badValue(`"${part}" is a whole number from ${least} to ${most}`);
  const holds = {
    lt: (n: number) => n < number,
    lte: (n: number) => n <= number,
    gt: (n: number) => n > number,
    gte: (n: number) => n >= number,
  };
  const check = operator === undefined ? (n: number) => n === number : holds[operator];
  return timePartTest(part, `${operator ?? 'equals'} ${number}`, check);
}

/** The tests of one value; the value fits when one of them passes. @throws Fault E_RULE_VALUE or E_PATTERN_SYNTAX. */
export function testsOfValue(text: string, modifiers: Modifiers): readonly ValueTest[] {
  if (modifiers.re !== undefined) return [matchesPattern(compilePattern(modifiers.re ? `(?${modifiers.re})${text}` : text))];
  if (modifiers.cidr) {
    const network = parseNetwork(text);
    if (!network) throw badValue(`"${text}" is not a network`, 'Write 192.0.2.0/24 or 2001:db8::/32.');
    return [inNetworkTest(network, text)];
  }
  if (modifiers.timePart !== undefined) return [timeTest(modifiers.timePart, text, modifiers.compare)];
  if (modifiers.compare) return [compares(modifiers.compare, numberOf(text))];
  return segmentsOfValue(text, modifiers).map((segments) => testOfSigmaString(segments, modifiers.anchor, modifiers.cased));
}
