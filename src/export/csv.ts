import { formatTime } from '../core/format-time.ts';
import type { Column } from '../sinks/shared/columns.ts';

/**
 * One line of CSV (RFC 4180) with its line end. A cell that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab or carriage
 * return first) gets an apostrophe before it, as OWASP advises; numbers stay numbers.
 */
export function csvLine(cells: readonly (string | number | boolean | readonly string[] | undefined)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

const formula = /^[=+\-@\t\r]/;
const needsQuotes = /[",\r\n]/;

function cellOf(value: string | number | boolean | readonly string[] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : value.join(' ');
  const safe = formula.test(text) ? `'${text}` : text;
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The first line of a table. */
export const csvHeader = (columns: readonly { readonly name: string }[]): Uint8Array =>
  Buffer.from(csvLine(columns.map(({ name }) => name)));

/** The cells of a row; times, which are microseconds since the epoch, as RFC 3339 with microseconds. */
export function cellsOf<Row>(columns: readonly Column<Row>[], row: Row): Parameters<typeof csvLine>[0] {
  return columns.map(({ type, value }) => (type === 'time' ? formatTime(Number(value(row))) : value(row)));
}
