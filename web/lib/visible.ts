import { unprintable } from '../../src/core/unprintable.ts';

/** Text of data as it may be shown: characters that move, hide or reorder what people see stand as their escape. */
export function visible(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The beginning of a text, for places of one line. `…` shows that something is missing. */
export function brief(text: string, characters = 300): string {
  const cut = text.length > characters ? `${text.slice(0, characters)}…` : text;
  return visible(cut);
}
