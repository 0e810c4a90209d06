import { isScalar, type Scalar } from 'yaml';
import type { Location } from '../../core/faults.ts';

/** A piece of a condition's text, and where each character of it stands. */
export interface ConditionPiece {
  readonly text: string;
  readonly locate: (offset: number) => Location;
}

/** Where a place in a file's text is; lines and columns count from 1. */
export function placeAt(file: string, text: string, offset: number): Location {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { file, line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
}

const isBlank = (mark: string | undefined): boolean => mark === undefined || /\s/.test(mark);

/** Where the text of a scalar begins in the file: after the quote, or after the header line of a block. */
function contentStart(text: string, node: Scalar, start: number): number {
  if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') return start + 1;
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return text.indexOf('\n', start) + 1;
  return start;
}

/**
 * The text of a YAML scalar as a piece. Folding and indentation change only white space, so the nth other character of
 * the value is the nth in the file; with escapes in double quotes only the beginning is known.
 */
export function pieceOf(file: string, text: string, node: unknown, value: string): ConditionPiece {
  const start = isScalar(node) ? (node.range?.[0] ?? 0) : 0;
  const locate = (offset: number): Location => {
    if (!isScalar(node) || (node.type === 'QUOTE_DOUBLE' && text.slice(start, node.range?.[1]).includes('\\')))
      return placeAt(file, text, start);
    let left = 0;
    for (let i = 0; i < offset && i < value.length; i++) if (!isBlank(value[i])) left++;
    let at = contentStart(text, node, start);
    const end = node.range?.[1] ?? text.length;
    while (at < end && (left > 0 || isBlank(text[at]))) if (!isBlank(text[at++])) left--;
    return placeAt(file, text, Math.min(at, Math.max(start, end - 1)));
  };
  return { text: value, locate };
}

/** A piece that was not written in the file but follows from something that was. */
export function derivedPiece(text: string, location: Location): ConditionPiece {
  return { text, locate: () => location };
}

/** One text from several pieces, with nothing between. */
export function joinPieces(pieces: readonly ConditionPiece[]): ConditionPiece {
  const locate = (offset: number): Location => {
    let start = 0;
    for (const piece of pieces) {
      if (offset < start + piece.text.length) return piece.locate(offset - start);
      start += piece.text.length;
    }
    const last = pieces.at(-1) as ConditionPiece;
    return last.locate(Math.max(0, last.text.length - 1));
  };
  return { text: pieces.map(({ text }) => text).join(''), locate };
}
