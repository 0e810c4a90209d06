import { isAccess, isReview, type NoteRow } from './note-tables.ts';

/** Rows of people that a report shows; all are in the files. */
const shownAtMost = 200;

/** The last that people said about findings, and who read, asked or exported last, for the report. */
export class PeopleRows {
  readonly #reviews: NoteRow[] = [];
  readonly #accesses: NoteRow[] = [];

  add(row: NoteRow): void {
    const rows = isReview(row) ? this.#reviews : isAccess(row) ? this.#accesses : undefined;
    if (!rows) return;
    rows.push(row);
    if (rows.length > shownAtMost) rows.shift();
  }

  get reviews(): readonly NoteRow[] {
    return this.#reviews;
  }

  get accesses(): readonly NoteRow[] {
    return this.#accesses;
  }
}
