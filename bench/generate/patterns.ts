import { createRandom } from '../../src/demo/random.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** A pack of so many patterns of the usual shape of tokens: a literal of five bytes and more, then twenty characters and more. */
export function writePatterns(count: number): string {
  const random = createRandom(19);
  const prefixes = new Set<string>();
  while (prefixes.size < count) prefixes.add(`${random.chars(random.between(4, 7), letters)}_`);
  const rules = [...prefixes].map((prefix, i) => ({
    id: `token-${i}`,
    kind: `generated-token-${i}`,
    category: 'secret',
    about: 'A token.',
    pattern: { expression: `\\b(${prefix}[A-Za-z0-9]{20,64})`, group: 1 },
  }));
  const examples = [...prefixes].map((prefix, i) => {
    const token = `${prefix}${random.chars(32, `${letters}0123456789`)}`;
    const rule = `token-${i}`;
    return [
      { name: 'a token', rule, text: token, gone: token },
      { name: 'no token', rule, text: `${prefix}short`, unchanged: true },
    ];
  });
  return JSON.stringify({ id: 'generated', summary: 'Tokens of nobody.', rules, examples: examples.flat() });
}
