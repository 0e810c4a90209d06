import { unprintable } from '../core/unprintable.ts';

/** One line of text that is safe to show on a terminal; what was taken out shows as `·`. */
export function printable(text: string): string {
  return text.replace(unprintable, '·');
}

/** Columns a text takes on a terminal: wide East Asian characters and emoji take two, combining marks none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/**
 * Blocks whose characters are wide or full-width (UAX #11). Their few narrow and unassigned characters count as wide as well: a
 * text may turn out shorter than measured, never longer.
 */
const wideBlocks: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d37f],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];
const isCombining = /[\p{Mn}\p{Me}]/u;
const isEmoji = /\p{Emoji_Presentation}/u;

/** Columns of one character, as `columnsOf` counts them. */
export function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (isCombining.test(character)) return 0;
  if (code < 0x1100) return 1;
  return wideBlocks.some(([first, last]) => code >= first && code <= last) || isEmoji.test(character) ? 2 : 1;
}

/** Cuts a text to so many columns; `…` shows that something is missing. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += widthOf(character);
    if (used > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** As `shorten`, but both ends stay: of names that begin alike the end tells more. */
export function shortenMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns || columns < 3) return shorten(text, columns);
  const end = [...text].slice(-Math.floor(columns / 2)).join('');
  const room = columns - columnsOf(end);
  return room < 1 ? shorten(text, columns) : `${shorten(text, room)}${end}`;
}

/** Fills with spaces up to so many columns. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}
