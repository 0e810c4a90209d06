import type { HeatView } from '../../src/web/heat.ts';
import { type Child, h } from '../lib/dom.ts';
import { shortened } from '../lib/mask-marks.ts';
import { many } from '../lib/numbers.ts';
import { brief } from '../lib/visible.ts';
import { type Habits, habitsOf } from './unusual-hours.ts';

const shades = 6;

/** Events of actors by hour of the day. The store counts hours of UTC; they are shown in the zone of the browser. */
export function heatMap(rows: readonly HeatView[], hrefOf: (user: string) => string, nowMs = Date.now()): HTMLElement {
  const most = Math.max(1, ...rows.flatMap(({ hours }) => hours));
  const offset = Math.round(-new Date(nowMs).getTimezoneOffset() / 60);
  const hours = Array.from({ length: 24 }, (_, i) => i);
  const habits = habitsOf(rows);
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
          actorCell(user, hrefOf(user), habits.get(user)),
          hours.map((hour) => {
            const utc = (hour - offset + 48) % 24;
            return heatCell(counts[utc] ?? 0, most, hour, habits.get(user)?.unusual[utc] === true);
          }),
        ),
      ),
    ),
  );
}

function actorCell(user: string, href: string, habits: Habits | undefined): HTMLElement {
  const name = h('a', { href }, user === '' ? 'nobody' : shortened(user));
  const isNew = habits?.isNew === true;
  return h(
    'th',
    { scope: 'row', title: brief(user) },
    isNew && h('b', { class: 'new-actor', title: 'Not seen in the days before' }, 'new '),
    name,
  );
}

/** By order of magnitude: controllers ask a thousand times as often as people. */
function heatCell(events: number, most: number, hour: number, isUnusual: boolean): HTMLElement {
  const shade = events === 0 ? 0 : Math.max(1, Math.ceil((Math.log1p(events) / Math.log1p(most)) * shades));
  const words = `${many(events, 'event')} from ${hour}:00${isUnusual ? ', an hour at which this actor did nothing in the days before' : ''}`;
  const className = `shade-${shade}${isUnusual ? ' unusual' : ''}`;
  return h('td', { class: className, title: words }, h('span', { class: 'hidden' }, events, isUnusual && ', unusual'));
}

/** What the marks of a heat map mean; nothing where it has none. */
export function heatLegend(rows: readonly HeatView[], days: number): Child {
  if (!rows.some(({ usual }) => usual)) return undefined;
  const habits = habitsOf(rows);
  const text =
    habits.size === 0
      ? 'What is unusual shows once the log holds some days before this time.'
      : [
          h('span', { class: 'legend-unusual unusual', 'aria-hidden': 'true' }),
          ` an hour at which this actor did nothing in the ${days} days before. `,
          h('b', { class: 'new-actor' }, 'new'),
          ' not seen in them.',
        ];
  return h('p', { class: 'legend' }, text);
}
