import { type Child, h } from '../lib/dom.ts';

/** A titled box of the overview. */
export function card(title: string, className: string, ...children: readonly Child[]): HTMLElement {
  return h('section', { class: `card ${className}` }, h('h2', {}, title), children);
}
