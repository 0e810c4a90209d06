import { expect } from 'chai';
import fc from 'fast-check';
import { columnsOf } from '../../src/cli/printable.ts';
import { asciiText, fillLine, fitLine, lineText, type Style, terminalText, withHits } from '../../src/cli/styled-line.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('\u001b', '[', '3', '1', 'm', '\u009b', '\n', '\u202e', '世', 'e\u0301', '\u{1f600}', '\ufe0f'),
  }),
);
const line = fc.array(fc.record({ text: hostile, style: fc.constantFrom<Style>('high', 'dim', 'bold', 'chosen') }), {
  maxLength: 6,
});

describe('cli/styled-line', () => {
  it('is never wider than asked for, whatever it holds', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 0, max: 60 }), (spans, columns) => {
        expect(columnsOf(lineText(fitLine(spans, columns)))).to.be.at.most(columns);
        expect(columnsOf(lineText(fillLine(spans, columns)))).to.equal(columns);
      }),
    );
  });

  it('lets no control or format character out but its own colours', () => {
    fc.assert(
      fc.property(line, (spans) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
        const left = terminalText(spans, true).replace(/\u001b\[(0|1|2|7|1;31)m/g, '');
        expect(left).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(terminalText(spans, false)).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it('shows that something was cut, also where it begins with the next piece', () => {
    expect(lineText(fitLine([{ text: 'abc' }, { text: 'def' }], 4))).to.equal('abc…');
    expect(lineText(fitLine([{ text: 'abcd' }, { text: 'def' }], 4))).to.equal('abc…');
    expect(lineText(fitLine([{ text: 'abcd' }, { text: '' }], 4))).to.equal('abcd');
  });

  it('writes colours only where they are wanted', () => {
    expect(terminalText([{ text: 'HIGH', style: 'high' }, { text: ' x' }], true)).to.equal('\u001b[1;31mHIGH\u001b[0m x');
    expect(terminalText([{ text: 'HIGH', style: 'high' }], false)).to.equal('HIGH');
  });

  it('marks hits across pieces', () => {
    const marked = withHits([{ text: 'abc', style: 'dim' }, { text: 'def' }], [[2, 4]]);
    expect(marked).to.deep.equal([
      { text: 'ab', style: 'dim' },
      { text: 'c', style: 'hit' },
      { text: 'd', style: 'hit' },
      { text: 'ef' },
    ]);
    fc.assert(
      fc.property(line, fc.array(fc.nat(40), { maxLength: 6 }), (spans, cuts) => {
        const sorted = cuts.toSorted((a, b) => a - b);
        const ranges = sorted.flatMap((start, i) => (i % 2 === 0 ? [[start, sorted[i + 1] ?? start] as const] : []));
        expect(lineText(withHits(spans, ranges))).to.equal(lineText(spans));
      }),
    );
  });

  it('shows other characters as their numbers where only ASCII is wanted', () => {
    expect(asciiText('a… é世\u{1f600}')).to.equal('a~ \\u{e9}\\u{4e16}\\u{1f600}');
  });
});
