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

/**
 * Rows as aligned columns, two spaces apart, in no more than the width where that is possible: the widest columns are cut first, none
 * below its floor.
 */
export function fittedTable(rows: readonly (readonly string[])[], columns: number, floors: readonly number[]): string {
  const clean = rows.map((row) => row.map(printable));
  const widths = floors.map((_, c) => Math.max(0, ...clean.map((row) => columnsOf(row[c] ?? ''))));
  for (let over = total(widths) - columns; over > 0; over--) {
    const widest = widths.reduce(
      (best, width, c) => (width > (floors[c] ?? 0) && width > (widths[best] ?? 0) ? c : best),
      widths.findIndex((width, c) => width > (floors[c] ?? 0)),
    );
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return clean
    .map((row) =>
      widths
        .map((width, c) => pad(shorten(row[c] ?? '', width), width))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1);
