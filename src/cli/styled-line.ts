import type { Severity } from '../core/finding.ts';
import { columnsOf, printable, shorten } from './printable.ts';

/** Severity as a word of four letters: colour is never the only sign. */
export const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  high: 'HIGH',
  medium: 'MED ',
  low: 'low ',
  informational: 'info',
};

export type Style = Severity | 'dim' | 'bold' | 'chosen' | 'hit';

/** A piece of a line; its meaning never rests on its style. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export type StyledLine = readonly Span[];

/** SGR parameters (ECMA-48 §8.3.117). */
const codes: Readonly<Record<Style, string>> = {
  critical: '1;37;41',
  high: '1;31',
  medium: '33',
  low: '36',
  informational: '2',
  dim: '2',
  bold: '1',
  chosen: '7',
  hit: '1;4',
};

/** Glyphs of ours with what stands for them where only ASCII is shown. */
const plainGlyphs: Readonly<Record<string, string>> = { '·': '.', '…': '~', '→': '->', '↓': 'v', '─': '-', '×': 'x' };

/** A text in which every character that is not ASCII stands as its number. */
export function asciiText(text: string): string {
  return text.replace(/[^\n\t -~]/gu, (character) => {
    return plainGlyphs[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

export const asciiLine = (line: StyledLine): StyledLine => line.map((span) => ({ ...span, text: asciiText(span.text) }));

export function lineText(line: StyledLine): string {
  return line.map(({ text }) => text).join('');
}

/** The line in at most so many columns; `…` shows that something is missing. Texts come out printable. */
export function fitLine(line: StyledLine, columns: number): StyledLine {
  const fitted: Span[] = [];
  let room = columns;
  for (const [index, span] of line.entries()) {
    const text = printable(span.text);
    const width = columnsOf(text);
    const isLast = line.slice(index + 1).every((rest) => rest.text === '');
    if (width < room || (width === room && isLast)) {
      fitted.push({ ...span, text });
      room -= width;
      continue;
    }
    // Behind a text that fills the room there is more: something must give way to the sign for it.
    if (room > 0) fitted.push({ ...span, text: width > room ? shorten(text, room) : shorten(`${text} `, room) });
    break;
  }
  return fitted;
}

/** `fitLine`, filled with blanks. */
export function fillLine(line: StyledLine, columns: number, style?: Style): StyledLine {
  const fitted = fitLine(line, columns);
  const missing = columns - columnsOf(lineText(fitted));
  const all = missing > 0 ? [...fitted, { text: ' '.repeat(missing) }] : fitted;
  return style === undefined ? all : all.map(({ text, style: own }) => (own === 'hit' ? { text, style: own } : { text, style }));
}

/** The line for a terminal. The last gate: whatever a span holds, no control or format character comes out but the colours of ours. */
export function terminalText(line: StyledLine, colour: boolean): string {
  return line
    .map(({ text, style }) => {
      const clean = printable(text);
      return colour && style !== undefined && clean !== '' ? `\u001b[${codes[style]}m${clean}\u001b[0m` : clean;
    })
    .join('');
}

/** Splits spans where `ranges` ([start, end] in UTF-16 units of the whole line, in order) begin and end, and styles those as hits. */
export function withHits(line: StyledLine, ranges: readonly (readonly [start: number, end: number])[]): StyledLine {
  if (ranges.length === 0) return line;
  const out: Span[] = [];
  let at = 0;
  for (const span of line) {
    const end = at + span.text.length;
    let from = at;
    for (const [start, stop] of ranges) {
      const [first, last] = [Math.max(start, from), Math.min(stop, end)];
      if (first >= last) continue;
      if (first > from) out.push({ ...span, text: span.text.slice(from - at, first - at) });
      out.push({ text: span.text.slice(first - at, last - at), style: 'hit' });
      from = last;
    }
    if (from < end) out.push({ ...span, text: span.text.slice(from - at) });
    at = end;
  }
  return out;
}
