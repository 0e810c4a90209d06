/** Longest text a finding quotes. */
const textLimit = 256;

/** A text of at most so many characters; `…` shows that something is missing. */
export function cutText(text: string, limit = textLimit): string {
  if (text.length <= limit) return text;
  const whole = text.slice(0, limit);
  // An address or a mask cut in half would read as another value: leave its beginning out as well.
  const open = whole.lastIndexOf('[MASKED:');
  return `${open > 0 && !whole.includes(']', open) ? whole.slice(0, open) : whole}…`;
}
