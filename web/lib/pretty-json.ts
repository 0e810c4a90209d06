import { type Child, h } from './dom.ts';
import { withMasks } from './mask-marks.ts';
import { visible } from './visible.ts';

/** Beyond this an event is shown as it stands, without colours: a list of 40 MB must not stop the page. */
const prettyBytes = 1_000_000;
const rawBytes = 4_000_000;
/** Deeper parts are not set in further: what is nested five hundred deep would be blanks for the most part. */
const deepestIndent = 40;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\],]|[^\s{}[\],":]+/g;

/**
 * A JSON text with line breaks, indents and colours. Nothing is parsed: numbers, escapes and repeated keys stay as they are written.
 */
export function prettyJson(text: string): HTMLElement {
  const children = text.length > prettyBytes ? [visible(text.slice(0, rawBytes))] : prettyParts(text);
  const note = text.length > rawBytes ? `… ${text.length - rawBytes} more characters` : '';
  return h('pre', { class: 'json', tabindex: 0, 'aria-label': 'masked event' }, h('code', {}, children, note));
}

function prettyParts(text: string): readonly Child[] {
  const parts: Child[] = [];
  let depth = 0;
  let open = false;
  const breakLine = (): void => void parts.push(`\n${'  '.repeat(Math.min(depth, deepestIndent))}`);
  for (const match of text.matchAll(token)) {
    const [whole, string, colon] = match;
    if (whole === '}' || whole === ']') {
      depth = Math.max(0, depth - 1);
      if (!open) breakLine();
      parts.push(whole);
      open = false;
      continue;
    }
    if (open) breakLine();
    open = false;
    if (whole === '{' || whole === '[') {
      parts.push(whole);
      depth++;
      open = true;
    } else if (whole === ',') {
      parts.push(whole);
      breakLine();
    } else if (string !== undefined && colon !== undefined) parts.push(h('span', { class: 'key' }, visible(string)), ': ');
    else if (string !== undefined) parts.push(h('span', { class: 'string' }, withMasks(string)));
    else parts.push(h('span', { class: 'literal' }, visible(whole)));
  }
  return parts;
}
