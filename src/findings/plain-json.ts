/** Valid inside strings of JSON, but able to move the cursor or reorder text where a line is shown: C1, DEL, format and separator characters. */
const unprintable = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** JSON as one line that is safe to show: the same value, with such characters written as escapes. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
