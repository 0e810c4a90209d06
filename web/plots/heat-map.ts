import type { HeatRow } from '../../src/core/event-store.ts';
import { h } from '../lib/dom.ts';
import { shortened } from '../lib/mask-marks.ts';
import { many } from '../lib/numbers.ts';
import { brief } from '../lib/visible.ts';

const shades = 6;

/** Events of actors by hour of the day. The store counts hours of UTC; they are shown in the zone of the browser. */
export function heatMap(rows: readonly HeatRow[], hrefOf: (user: string) => string, nowMs = Date.now()): HTMLElement {
  const most = Math.max(1, ...rows.flatMap(({ hours }) => hours));
  const offset = Math.round(-new Date(nowMs).getTimezoneOffset() / 60);
  const hours = Array.from({ length: 24 }, (_, i) => i);
  return h(
    'table',
    { class: 'heat' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Actor'),
        hours.map((hour) =>
          h('th', { scope: 'col' }, hour % 3 === 0 ? String(hour).padStart(2, '0') : h('span', { class: 'hidden' }, hour)),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map(({ user, hours: counts }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', title: brief(user) }, h('a', { href: hrefOf(user) }, user === '' ? 'nobody' : shortened(user))),
          hours.map((hour) => heatCell(counts[(hour - offset + 48) % 24] ?? 0, most, hour)),
        ),
      ),
    ),
  );
}

/** By order of magnitude: controllers ask a thousand times as often as people. */
function heatCell(events: number, most: number, hour: number): HTMLElement {
  const shade = events === 0 ? 0 : Math.max(1, Math.ceil((Math.log1p(events) / Math.log1p(most)) * shades));
  const words = `${many(events, 'event')} from ${hour}:00`;
  return h('td', { class: `shade-${shade}`, title: words }, h('span', { class: 'hidden' }, events));
}
