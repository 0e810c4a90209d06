import { csvLine } from '../export/csv.ts';
import type { QueryValue } from '../store/run-query.ts';
import { fittedTable } from './table.ts';

export type QueryFormat = 'table' | 'json' | 'csv' | 'parquet';

/** Rows of a table that are measured before the first is shown; more are laid out by the widths of these. */
const measuredRows = 1_000;

/** Where the rows of an answer go, in the shape asked for. */
export interface QueryWriter {
  begin(columns: readonly string[]): Promise<void>;
  rows(rows: readonly (readonly QueryValue[])[]): Promise<void>;
  end(): Promise<void>;
}

export type WriteText = (text: string) => Promise<void>;

/** Parquet is written by DuckDB itself: then there is nothing to write here. */
export function queryWriter(format: QueryFormat, write: WriteText, width: number): QueryWriter {
  if (format === 'json') return new JsonLines(write);
  return format === 'csv' ? new CsvLines(write) : new TextTable(write, width);
}

class JsonLines implements QueryWriter {
  readonly #write: WriteText;
  #columns: readonly string[] = [];

  constructor(write: WriteText) {
    this.#write = write;
  }

  begin(columns: readonly string[]): Promise<void> {
    this.#columns = columns;
    return Promise.resolve();
  }

  rows(rows: readonly (readonly QueryValue[])[]): Promise<void> {
    const lines = rows.map((row) => JSON.stringify(Object.fromEntries(this.#columns.map((name, i) => [name, row[i] ?? null]))));
    return this.#write(lines.map((line) => `${line}\n`).join(''));
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

class CsvLines implements QueryWriter {
  readonly #write: WriteText;

  constructor(write: WriteText) {
    this.#write = write;
  }

  begin(columns: readonly string[]): Promise<void> {
    return this.#write(csvLine(columns));
  }

  rows(rows: readonly (readonly QueryValue[])[]): Promise<void> {
    return this.#write(rows.map((row) => csvLine(row.map(cellOf))).join(''));
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

const isTexts = (value: readonly QueryValue[]): value is readonly string[] => value.every((item) => typeof item === 'string');

function cellOf(value: QueryValue): Parameters<typeof csvLine>[0][number] {
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  return Array.isArray(value) && isTexts(value) ? value : JSON.stringify(value);
}

/** Aligned columns for people: names, then rows. Long answers are laid out part by part. */
class TextTable implements QueryWriter {
  readonly #write: WriteText;
  readonly #width: number;
  #columns: readonly string[] = [];
  #floors: readonly number[] = [];
  #waiting: (readonly string[])[] = [];
  #isBegun = false;

  constructor(write: WriteText, width: number) {
    this.#write = write;
    this.#width = width;
  }

  begin(columns: readonly string[]): Promise<void> {
    this.#columns = columns;
    return Promise.resolve();
  }

  async rows(rows: readonly (readonly QueryValue[])[]): Promise<void> {
    this.#waiting.push(...rows.map((row) => row.map(shown)));
    if (this.#waiting.length >= measuredRows) await this.#flush();
  }

  async end(): Promise<void> {
    if (this.#waiting.length > 0 || (!this.#isBegun && this.#columns.length > 0)) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#floors.length === 0) this.#floors = this.#columns.map((name, c) => floorOf(name, this.#waiting, c));
    const head = this.#isBegun ? [] : [this.#columns];
    if (head.length + this.#waiting.length > 0)
      await this.#write(`${fittedTable([...head, ...this.#waiting], this.#width, this.#floors)}\n`);
    this.#waiting = [];
    this.#isBegun = true;
  }
}

const isRigid = /^(?:\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}|-?[\d.]*)$/;

/** How far a column may be cut: times and numbers not at all, who did it less than the rest. */
function floorOf(name: string, rows: readonly (readonly string[])[], c: number): number {
  if (rows.every((row) => isRigid.test(row[c] ?? ''))) return Number.POSITIVE_INFINITY;
  return name === 'username' ? 24 : 8;
}

/** Times to the second, in UTC like all times here. */
function shown(value: QueryValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2');
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) && isTexts(value) ? value.join(' ') : JSON.stringify(value);
}
