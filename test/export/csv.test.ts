import { expect } from 'chai';
import fc from 'fast-check';
import { cellsOf, csvLine } from '../../src/export/csv.ts';

describe('export/csv', () => {
  it('quotes what needs it, and joins lists', () => {
    expect(csvLine(['a', 1, true, undefined, ['x', 'y'], 'q"q', 'a,b', 'a\nb'])).to.equal(
      'a,1,true,,x y,"q""q","a,b","a\nb"\r\n',
    );
  });

  it('lets no text be a formula, and leaves numbers alone', () => {
    for (const mark of ['=', '+', '-', '@', '\t', '\r']) expect(csvLine([`${mark}1+1`])).to.match(/^"?'/);
    expect(csvLine([-5, [`=cmd|' /C calc'!A0`]])).to.equal(`-5,'=cmd|' /C calc'!A0\r\n`);
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cell = csvLine([text]).slice(0, -2).replace(/^"/, '');
        return !/^[=+\-@\t\r]/.test(cell);
      }),
    );
  });

  it('writes times with microseconds, before 1970 too', () => {
    const columns = [{ name: 't', type: 'time' as const, value: (row: number) => row }];
    expect(cellsOf(columns, 1_700_000_000_123_456)).to.deep.equal(['2023-11-14T22:13:20.123456Z']);
    expect(cellsOf(columns, -1)).to.deep.equal(['1969-12-31T23:59:59.999999Z']);
  });
});
