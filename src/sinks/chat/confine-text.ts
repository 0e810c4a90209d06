import { plainText } from '../shared/plain-text.ts';

/**
 * A value of an event as a chat room may show it: bounded, on one line, and nothing in it addresses people, is markup or becomes a link.
 * Angle brackets turn into single quotation marks, the sign before names that call everybody into its wide form, and links are
 * broken the way security people write them.
 */
export function confineText(text: string, limit: number): string {
  return plainText(text, limit)
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/@(?=here|channel|everyone|all|team)/gi, '＠')
    .replace(/:\/\//g, '[:]//')
    .replace(/\bwww\./gi, 'www[.]');
}
