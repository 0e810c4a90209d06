import { glyph, h } from '../lib/dom.ts';
import type { View } from '../lib/route.ts';

const drawings: Readonly<Record<View, readonly [label: string, path: string]>> = {
  findings: ['Findings', 'M8 1.5 15.5 14.5H.5zM7 6v4h2V6zm0 5v2h2v-2z'],
  reviews: ['Reviews', 'M1 2h14v9H7l-4 3.500V11H1zm3 2.500V6h8V4.500zm0 3V9h5V7.500z'],
  overview: ['Overview', 'M1 14h14v1.5H1zM2 8h3v5H2zm4.5-5h3v10h-3zM11 6h3v7h-3z'],
  events: ['Events', 'M1 2h14v2H1zm0 5h14v2H1zm0 5h9v2H1z'],
  rules: ['Rules', 'M2 1h9l3 3v11H2zm2.5 5v1.5h7V6zm0 3v1.5h7V9zm0 3v1.5h4V12z'],
  posture: [
    'Posture',
    'M8 .5 2 2.5v5c0 4 2.5 6.5 6 8 3.5-1.5 6-4 6-8v-5zm-.8 10.3L4.3 8l1.200-1.200 1.700 1.700 3.400-3.5L11.800 6z',
  ],
  health: ['Health', 'M.5 7.5H4L6 3l3.5 9 1.700-4.5h4.3V9h-3.200L9.5 15 6 6.5 5 9H.5z'],
  try: ['Try it', 'M4 2l10 6-10 6z'],
};

/** Links to the views. */
export class Navigation {
  readonly element: HTMLElement;
  readonly #links: ReadonlyMap<View, HTMLElement>;

  constructor(views: readonly View[]) {
    this.#links = new Map(
      views.map((view) => {
        const [label, path] = drawings[view];
        return [view, h('a', { href: `#/${view}` }, glyph(path), h('span', {}, label))] as const;
      }),
    );
    this.element = h('nav', { class: 'side', 'aria-label': 'Views' }, [...this.#links.values()]);
  }

  show(view: View): void {
    for (const [one, link] of this.#links)
      if (one === view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
  }
}
