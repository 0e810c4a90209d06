import { expect } from 'chai';
import { columnsDictionary } from '../../src/export/columns-dictionary.ts';
import { cellsOf, csvLine } from '../../src/export/csv.ts';
import { accessColumns, isAccess, isReview, noteRow, reviewColumns } from '../../src/export/note-tables.ts';

const row = (note: object) => {
  const read = noteRow(Buffer.from(JSON.stringify(note)));
  if (!read) throw new Error('no note');
  return read;
};

describe('export/note-tables', () => {
  it('tells what people said, and who read, from all else', () => {
    const kinds = (is: typeof isReview) =>
      [
        'review',
        'silence',
        'exported',
        'unmasked',
        'pseudonym-looked-up',
        'queried',
        'config-reloaded',
        'key-rotated',
        'logs-verified',
      ].filter((note) => is(row({ note, at: 'x', by: {} })));
    expect(kinds(isReview)).to.deep.equal(['review', 'silence']);
    expect(kinds(isAccess)).to.deep.equal(['exported', 'unmasked', 'pseudonym-looked-up', 'queried']);
  });

  it('writes rows that no spreadsheet takes for formulas, whatever a note holds', () => {
    const review = row({
      note: 'review',
      at: '2026-01-01T00:00:00Z',
      by: { name: '=cmd' },
      action: 'close',
      finding: 'f',
      text: '+1',
    });
    expect(csvLine(cellsOf(reviewColumns, review))).to.equal("2026-01-01T00:00:00Z,'=cmd,close,f,,,'+1\r\n");
    const access = row({ note: 'exported', at: 'x', by: { uid: 7 }, query: { since: 'a' } });
    expect(csvLine(cellsOf(accessColumns, access))).to.equal('x,7,exported,"{""query"":{""since"":""a""}}"\r\n');
    for (const odd of ['null', '[]', '1', '{}', '{"by":3}']) expect(() => noteRow(Buffer.from(odd))).not.to.throw();
    expect(noteRow(Buffer.from('{'))).to.equal(undefined);
  });

  it('has a meaning for every column', () => {
    const tables = JSON.parse(columnsDictionary()) as Record<string, { name: string; meaning?: string }[]>;
    expect(Object.keys(tables)).to.deep.equal(['events', 'findings', 'reviews', 'access']);
    expect(
      Object.values(tables).flatMap((columns) => columns.filter(({ meaning }) => !meaning).map(({ name }) => name)),
    ).to.deep.equal([]);
  });
});
