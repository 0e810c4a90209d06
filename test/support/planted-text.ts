import { plantedNumbers } from './planted-numbers.ts';
import type { Dice } from './planted-shapes.ts';

/** A text with made-up values in it. */
export interface PlantedText {
  readonly text: string;
  /** What must not survive: each secret whole, and both ends of those that are long enough to tell them from other text. */
  readonly gone: readonly string[];
  /** What must survive. */
  readonly stays: readonly string[];
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const base62 = lower + lower.toUpperCase() + digits;
const words = ['sunflower', 'harbour', 'marmalade', 'telescope', 'butterscotch', 'lighthouse', 'cinnamon', 'avalanche'];
/** Signs by where a value stands: on its own, in a connection string, in XML, in quotes, in single quotes. */
const signs: Readonly<Record<string, string>> = {
  sym: '!%*+=?^_~@.:-',
  sym2: '!%*+?^_~@.:-$#',
  sym3: '!%*+=?^_~@.:-$#',
  sym4: '!@#$%^&*()[]<>,.;:|+=_~-',
  sym5: '!@#$%^&*()[]<>,.;:|+=_~-"',
};
const alphabets: Readonly<Record<string, string>> = {
  low: lower + digits,
  up: lower.toUpperCase() + digits,
  alpha: lower + lower.toUpperCase(),
  b62: base62,
  bech: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  b32: `${lower.toUpperCase()}234567`,
  digits,
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
};
const shortestWithEnds = 10;
const endLength = 6;

const run = (dice: Dice, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet.charAt(dice.roll(alphabet.length))).join('');

function value(dice: Dice, kind: string, length: number): string {
  const alphabet = alphabets[kind];
  if (alphabet !== undefined) return run(dice, alphabet, length);
  const marks = signs[kind];
  const letters = (count: number): string => run(dice, base62, count);
  if (marks !== undefined) return `${letters(3)}${run(dice, marks, 1)}${letters(3)}${run(dice, marks, 2)}${letters(4)}`;
  if (kind === 'b64' || kind === 'b64url')
    return Buffer.from(Array.from({ length }, () => dice.roll(256))).toString(kind === 'b64' ? 'base64' : 'base64url');
  const numbers = plantedNumbers[kind];
  if (numbers !== undefined) return numbers(dice);
  if (kind === 'uuid') return [8, 4, 4, 4, 12].map((count) => run(dice, '0123456789abcdef', count)).join('-');
  if (kind === 'word') return dice.pick(words);
  if (kind === 'url') return `${letters(4)}${dice.pick(['%21', '%40', '%2F', '%3A', '%23'])}${letters(5)}`;
  if (kind === 'pw')
    return `${run(dice, lower, 4)}${run(dice, digits, 2)}${letters(2 + dice.roll(6))}${run(dice, digits, 1)}${run(dice, lower, 2)}`;
  throw new Error(`no kind of value is called ${kind}`);
}

/**
 * Fills a template: `⟦kind:length⟧` becomes a made-up secret, `«b64|…»` base64 of what is in it, `⟪…⟫` marks what must stay.
 * Values differ with the dice, so that no rule can know them.
 */
export function plantedText(template: string, dice: Dice): PlantedText {
  const gone: string[] = [];
  const stays: string[] = [];
  const text = template
    .replace(/⟦(\w+)(?::(\d+))?⟧/g, (_, kind: string, length?: string) => {
      const secret = value(dice, kind, Number(length ?? 0));
      gone.push(secret);
      if (secret.length >= shortestWithEnds && kind !== 'b64' && !kind.startsWith('ip'))
        gone.push(secret.slice(0, endLength), secret.slice(-endLength));
      return secret;
    })
    .replace(/«b64\|([^»]*)»/g, (_, inner: string) => Buffer.from(inner).toString('base64'))
    .replace(/⟪([^⟫]*)⟫/g, (_, inner: string) => {
      stays.push(inner.replace(/^"(.*)"$/, '$1'));
      return inner;
    });
  return { text, gone, stays };
}
