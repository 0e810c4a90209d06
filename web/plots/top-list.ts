import type { TopRow } from '../../src/core/event-store.ts';
import { h } from '../lib/dom.ts';
import { shortened } from '../lib/mask-marks.ts';
import { compact, count } from '../lib/numbers.ts';
import { brief } from '../lib/visible.ts';
import { shareBar } from './share-bar.ts';

/** Commonest values with their counts; a click searches for one. */
export function topList(
  rows: readonly TopRow[],
  hrefOf: (value: string) => string,
  shown: (value: string) => string = (value) => value,
): HTMLElement {
  const most = Math.max(1, ...rows.map(({ events }) => events));
  return h(
    'ol',
    { class: 'ranking' },
    rows.map(({ value, events, forbidden }) =>
      h(
        'li',
        {},
        h(
          'a',
          {
            href: hrefOf(value),
            title: `${brief(value)}: ${count(events)} events, ${count(forbidden)} of them forbidden. Search for them.`,
          },
          h('span', { class: 'value' }, value === '' ? '(none)' : shortened(shown(value), 120)),
          shareBar(events / most),
          h('span', { class: 'number' }, compact(events)),
          h('span', { class: 'refused' }, forbidden > 0 && `${compact(forbidden)} forbidden`),
        ),
      ),
    ),
  );
}
