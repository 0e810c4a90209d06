import { h } from '../lib/dom.ts';

const shownMs = 5000;

/** Short messages in a corner, read out by screen readers. */
export class Toasts {
  readonly element = h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' });

  say(text: string, kind: 'good' | 'bad' = 'good'): void {
    const toast = h('div', { class: `toast ${kind}` }, text);
    this.element.appendChild(toast);
    setTimeout(() => toast.remove(), shownMs);
  }
}
