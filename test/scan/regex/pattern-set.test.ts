import { expect } from 'chai';
import fc from 'fast-check';
import { enginePattern } from '../../../src/scan/pattern.ts';
import { PatternSet } from '../../../src/scan/regex/pattern-set.ts';

const sources = [
  '(?i:pass(?:word|wd)|secret|token)',
  '(?:[_. \\-])(?i:file|path|name)$|[a-z0-9](?:File|Path|Name)$',
  '^(?:min|max)[A-Z]',
  '\\bkey\\b',
  '(?i)clé|schl(?:\\x{fc}|ue)ssel',
];
const parts = [
  'pass',
  'word',
  'Secret',
  'TOKEN',
  'File',
  '_name',
  'min',
  'Max',
  'key',
  '-',
  '.',
  'clé',
  'schlüssel',
  'x',
  '9',
  '\n',
];

describe('scan/regex/pattern-set', () => {
  it('says of each expression what the engine says of it alone, before and after it has made its automaton', () => {
    const set = new PatternSet(sources);
    const engines = sources.map((source) => enginePattern(source));
    const said = (text: string): void => {
      const bytes = Buffer.from(`<${text}>`);
      const found = set.matching(bytes, 1, bytes.length - 1);
      const inner = Buffer.from(text);
      engines.forEach((one, i) =>
        expect((found >> i) & 1, `${JSON.stringify(text)} ${sources[i]}`).to.equal(one.test(inner) ? 1 : 0),
      );
    };
    const texts = fc.array(fc.constantFrom(...parts), { maxLength: 6 }).map((some) => some.join(''));
    fc.assert(fc.property(texts, said), { numRuns: 6_000 });
  });

  it('answers for one expression, and for none', () => {
    expect(new PatternSet(['a']).matching(Buffer.from('ba'), 0, 2)).to.equal(1);
    expect(new PatternSet([]).matching(Buffer.from('ba'), 0, 2)).to.equal(0);
    expect(() => new PatternSet(Array.from({ length: 32 }, (_, i) => `a${i}`))).to.throw(RangeError);
  });
});
