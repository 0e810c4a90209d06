import { columnsOf, pad, printable, shorten } from './printable.ts';

/** Rows as aligned columns, two spaces apart; the last column is cut to what is left of the width. */
export function table(rows: readonly (readonly string[])[], columns: number): string {
  const clean = rows.map((row) => row.map(printable));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, c) => Math.max(0, ...clean.map((row) => columnsOf(row[c] ?? ''))));
  return clean
    .map((row) => {
      const before = widths
        .slice(0, count - 1)
        .map((width, c) => pad(row[c] ?? '', width))
        .join('  ');
      const room = Math.max(20, columns - columnsOf(before) - 2);
      const last = shorten(row[count - 1] ?? '', room);
      return (count === 1 ? last : `${before}  ${last}`).trimEnd();
    })
    .join('\n');
}
