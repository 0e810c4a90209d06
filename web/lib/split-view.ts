import { h } from './dom.ts';

/** A list below its filters, and beside it what is known of the one that is chosen. `title` is for screen readers. */
export function splitView(title: string, filters: HTMLElement, list: HTMLElement, detail: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'findings' },
    h('h1', { class: 'hidden' }, title),
    filters,
    h('div', { class: 'split' }, list, detail),
  );
}

/** Closes what is shown beside the list. */
export function closeButton(onClose: () => void): HTMLElement {
  return h(
    'button',
    { type: 'button', class: 'quiet close', 'aria-label': 'Close', title: 'Close (Escape)', on: { click: onClose } },
    '×',
  );
}
