import { expect } from 'chai';
import fc from 'fast-check';
import { WordFinder } from '../../src/detection/word-finder.ts';

describe('detection/word-finder', () => {
  it('finds words that begin, end and stand inside others', () => {
    const finder = new WordFinder(['he', 'she', 'his', 'hers', 'e', 'kube-apply', 'apply']);
    const table: readonly (readonly [string, readonly string[]])[] = [
      ['ushers', ['she', 'he', 'e', 'hers']],
      ['kube-apply', ['e', 'kube-apply', 'apply']],
      ['kube-appl', ['e']],
      ['hhis', ['his']],
      ['\u00e9e', ['e']],
      ['xyz', []],
      ['', []],
    ];
    for (const [text, words] of table) expect([...finder.find(text)], text).to.have.members(words);
  });

  it('finds what looking for each word by itself finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), minLength: 1, maxLength: 5 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '\u00fc'), maxLength: 40 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 30 }), text, (words, where) => {
        expect([...new WordFinder(words).find(where)].sort()).to.deep.equal(words.filter((one) => where.includes(one)).sort());
      }),
      { numRuns: 300 },
    );
  });
});
