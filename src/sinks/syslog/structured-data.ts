import { unprintable } from '../../core/unprintable.ts';
import { cutText } from '../../findings/cut-text.ts';

/** Characters of one value: enough to tell what it is. The message has the rest. */
const valueCharacters = 200;

/** A text on one line: what would end a line or steer a terminal becomes a space. */
export const onOneLine = (text: string): string => text.replace(unprintable, ' ');

/** `PARAM-VALUE` of RFC 5424 §6.3.3: quotes, backslashes and closing brackets are escaped. */
export function paramValue(text: string): string {
  return onOneLine(cutText(text, valueCharacters)).replace(/["\\\]]/g, '\\$&');
}

/**
 * One element of structured data, `[id name="value" …]`. Values that are missing are left out, and from the end on those that
 * would make it longer than `maxBytes`.
 * @param id `name@enterprise number`
 */
export function structuredData(
  id: string,
  params: Readonly<Record<string, string | number | undefined>>,
  maxBytes: number,
): string {
  let element = `[${id}`;
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === '') continue;
    const param = ` ${name}="${paramValue(String(value))}"`;
    if (Buffer.byteLength(element) + Buffer.byteLength(param) + 1 > maxBytes) break;
    element += param;
  }
  return `${element}]`;
}
