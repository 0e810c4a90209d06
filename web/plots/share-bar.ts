import { h } from '../lib/dom.ts';

/** A bar as long as a share, from 0 to 1. The number stands beside it. */
export function shareBar(share: number): HTMLElement {
  const filled = h('i', {});
  filled.style.width = `${Math.round(share * 1000) / 10}%`;
  return h('span', { class: 'share', 'aria-hidden': 'true' }, filled);
}
