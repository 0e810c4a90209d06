import type { Pattern } from '../../scan/pattern.ts';
import { lineText, type StyledLine, withHits } from '../styled-line.ts';

/** Marks what the expressions find in a line. Without colour there is nothing to see of it. */
export function highlight(line: StyledLine, patterns: readonly Pattern[]): StyledLine {
  if (patterns.length === 0) return line;
  const bytes = Buffer.from(lineText(line));
  const found = patterns.flatMap((pattern) => pairs(pattern.findAll(bytes, 0)));
  const ranges = joined(found).map(([start, end]): readonly [number, number] => [unitsTo(bytes, start), unitsTo(bytes, end)]);
  return withHits(line, ranges);
}

function pairs(found: readonly number[]): readonly (readonly [number, number])[] {
  const all: (readonly [number, number])[] = [];
  for (let i = 0; i + 1 < found.length; i += 4) {
    const [start = 0, end = 0] = found.slice(i, i + 2);
    if (end > start) all.push([start, end]);
  }
  return all;
}

/** In order, overlaps joined. */
function joined(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return out;
}

/** UTF-16 units that so many bytes of UTF-8 stand for. */
const unitsTo = (bytes: Buffer, end: number): number => bytes.toString('utf8', 0, end).length;
