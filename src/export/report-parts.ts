import { unprintable } from '../core/unprintable.ts';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeText = (text: string): string =>
  text.replace(unprintable, '\ufffd').replace(/[&<>"']/g, (mark) => escapes[mark] ?? '');

/** A number with thin spaces between thousands, for people. */
export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');

/** `2026-11-29T14:02:11.000Z` → `2026-11-29 14:02:11`. What is no time stays. */
export const timeText = (time: string): string => /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(time)?.slice(1).join(' ') ?? time;

/** A cell: text, a number (to the right), or one of a kind that is shown in its own way. */
export type Cell =
  | string
  | number
  | { readonly code: string }
  | { readonly time: string }
  | { readonly bar: number; readonly kind?: string };

function cell(value: Cell, tag: 'td' | 'th'): string {
  if (typeof value === 'number') return `<${tag} class="n">${numberText(value)}</${tag}>`;
  if (typeof value === 'string') return `<${tag}>${escapeText(value)}</${tag}>`;
  if ('code' in value) return `<${tag}><span class="hash">${escapeText(value.code)}</span></${tag}>`;
  if ('time' in value) return `<${tag} class="when">${escapeText(timeText(value.time))}</${tag}>`;
  const kind = /^[a-z]+$/.test(value.kind ?? '') ? ` ${value.kind}` : '';
  return `<${tag} class="bars"><span class="bar${kind}" style="width:${Math.max(0, Math.min(100, value.bar)).toFixed(1)}%"></span></${tag}>`;
}

const none = '<p class="none">None.</p>';

/** Names and values below each other. */
export function pairs(rows: readonly (readonly [string, Cell])[]): string {
  if (rows.length === 0) return none;
  const body = rows.map(
    ([name, value]) => `<tr>${cell(name, 'th')}${cell(typeof value === 'number' ? numberText(value) : value, 'td')}</tr>`,
  );
  return `<table class="pairs"><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

/** A table with a head; numbers alone beside names are not spread over the page. @param head of columns; those that begin with `#` hold numbers */
export function grid(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return none;
  const heads = head.map((name) =>
    name.startsWith('#') ? `<th class="n">${escapeText(name.slice(1))}</th>` : `<th>${escapeText(name)}</th>`,
  );
  const body = rows.map(
    ([first = '', ...rest]) => `<tr>${cell(first, 'th')}${rest.map((value) => cell(value, 'td')).join('')}</tr>`,
  );
  const shape = head.length === 2 && head[1]?.startsWith('#') ? ' class="narrow"' : '';
  return `<table${shape}><thead><tr>${heads.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

export function figures(items: readonly (readonly [number, string])[]): string {
  return `<ul class="figures">${items.map(([value, name]) => `<li><b>${numberText(value)}</b><span>${escapeText(name)}</span></li>`).join('')}</ul>`;
}

/** A part of the report below a title. */
export function section(title: string, text: string, content: string): string {
  return `<h2>${escapeText(title)}</h2>${text === '' ? '' : `\n<p>${escapeText(text)}</p>`}\n${content}`;
}
