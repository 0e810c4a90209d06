import { expect } from 'chai';
import { columnsOf, pad, printable, shorten } from '../../src/cli/printable.ts';
import { table } from '../../src/cli/table.ts';

describe('cli/printable', () => {
  it('takes out escape sequences, line ends and bidirectional controls, and leaves letters of all scripts', () => {
    expect(printable('a\u001b[31mb\r\nc\u009b\u202ed\u2066\u200f\ufeff\u2028e')).to.equal('a·[31mb··c··d····e');
    expect(printable('Ünï 世界 שלום \u{1f600}')).to.equal('Ünï 世界 שלום \u{1f600}');
  });

  it('measures wide and combining characters as a terminal does', () => {
    expect([columnsOf('abc'), columnsOf('世界'), columnsOf('e\u0301'), columnsOf('\u{1f600}')]).to.deep.equal([3, 4, 1, 2]);
  });

  it('cuts to a width without cutting a character', () => {
    expect(shorten('abcdef', 4)).to.equal('abc…');
    expect(shorten('世界世界', 4)).to.equal('世…');
    expect(shorten('abc', 3)).to.equal('abc');
    expect(pad('世', 4)).to.equal('世  ');
  });

  it('aligns a table and cuts its last column', () => {
    expect(
      table(
        [
          ['A', 'LONG', 'X'],
          ['世界', 'b', 'x'.repeat(50)],
        ],
        40,
      ),
    ).to.equal(`A     LONG  X\n世界  b     ${'x'.repeat(27)}…`);
  });
});
