import { expect } from 'chai';
import { highlight } from '../../../src/cli/tail/highlight.ts';
import { compilePattern } from '../../../src/scan/pattern.ts';

const hits = (text: string, ...sources: readonly string[]): readonly string[] =>
  highlight(
    [{ text: text.slice(0, 3) }, { text: text.slice(3) }],
    sources.map((source) => compilePattern(source)),
  )
    .filter(({ style }) => style === 'hit')
    .map(({ text: piece }) => piece);

describe('cli/tail/highlight', () => {
  it('marks every hit, across pieces and behind characters of several bytes', () => {
    expect(hits('abcdef ab', 'ab')).to.deep.equal(['ab', 'ab']);
    expect(hits('abcdef', 'bcde')).to.deep.equal(['bc', 'de']);
    expect(hits('世é\u{1f600}xyz', 'x.')).to.deep.equal(['xy']);
  });

  it('joins what overlaps, and marks nothing for an empty match', () => {
    expect(hits('   abcdef', 'bcd', 'cde')).to.deep.equal(['bcde']);
    expect(hits('abcdef', 'q*')).to.deep.equal([]);
  });
});
