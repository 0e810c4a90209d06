import { unprintable } from '../core/unprintable.ts';

function escaped(character: string): string {
  // Inside strings JSON escapes it: where one is left, it ends a line.
  if (character === '\n') return character;
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}

/** A JSON text that is safe to show: as it is written, but for characters that `plainJson` escapes. */
export const plainText = (json: string): string => json.replace(unprintable, escaped);

/**
 * JSON that is safe to show: the same value, with characters as escapes that are valid inside its strings but could steer a
 * terminal or reorder a line. On one line, or indented by so many blanks.
 */
export function plainJson(value: unknown, indent?: number): string {
  return plainText(JSON.stringify(value, undefined, indent));
}
