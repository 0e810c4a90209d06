import { columnsOf, printable } from './printable.ts';

/** Breaks a text at spaces into lines of so many columns, each with `indent` before it and lines after the first a little more. */
export function wrap(text: string, columns: number, indent: string): readonly string[] {
  const room = Math.max(30, columns);
  const lines: string[] = [];
  let line = indent;
  for (const word of printable(text).split(' ')) {
    const next = line.trim() === '' ? line + word : `${line} ${word}`;
    if (columnsOf(next) > room && line.trim() !== '') {
      lines.push(line);
      line = `${indent}  ${word}`;
    } else line = next;
  }
  return [...lines, line];
}
