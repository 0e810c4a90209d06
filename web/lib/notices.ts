import { wordsOf } from './api-client.ts';
import { type Child, h } from './dom.ts';

/** Where there is nothing to show: what that means and what to do. */
export function emptyState(title: string, ...what: readonly Child[]): HTMLElement {
  return h('div', { class: 'empty', role: 'status' }, h('p', { class: 'title' }, title), h('p', {}, what));
}

/** What went wrong, what to do about it, and a button that tries again. */
export function failureNote(error: unknown, again?: () => void): HTMLElement {
  const { message, remedy } = wordsOf(error);
  return h(
    'div',
    { class: 'failure', role: 'alert' },
    h('p', { class: 'title' }, message),
    remedy !== '' && h('p', {}, remedy),
    again && h('button', { type: 'button', on: { click: again } }, 'Try again'),
  );
}

export function waiting(what: string): HTMLElement {
  return h('div', { class: 'waiting', role: 'status' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), what);
}
