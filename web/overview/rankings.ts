import type { TopColumn, TopRow } from '../../src/core/event-store.ts';
import type { EventQuery } from '../../src/web/api.ts';
import type { HeatView } from '../../src/web/heat.ts';
import type { ApiClient } from '../lib/api-client.ts';
import { fill, h } from '../lib/dom.ts';
import { type Route, routeText } from '../lib/route.ts';
import { heatLegend, heatMap } from '../plots/heat-map.ts';
import { topList } from '../plots/top-list.ts';
import { card } from './card.ts';

const columns: readonly (readonly [column: TopColumn, title: string])[] = [
  ['user', 'Top actors'],
  ['verb', 'Top verbs'],
  ['resource', 'Top resources'],
  ['sourceIp', 'Top addresses'],
];
const topRows = 8;
const heatRows = 12;
/** What an actor did in so many days before is what is usual. */
const usualDays = 14;
/** It changes slowly, and many days cost something to read. */
const usualKeptMs = 10 * 60_000;

/** Commonest actors, verbs, resources and addresses, and actors by hour. A click goes on to the events. */
export class Rankings {
  readonly element: HTMLElement;
  readonly #heat = h('div', { class: 'heat-place' });
  #usual: { readonly route: string; readonly atMs: number; readonly of: ReadonlyMap<string, HeatView['usual']> } | undefined;
  readonly #tops = new Map<TopColumn, HTMLElement>(columns.map(([column]) => [column, h('div', {})]));

  constructor() {
    this.element = h(
      'div',
      { class: 'cards' },
      card('Actors by hour of the day', 'wide', this.#heat),
      columns.map(([column, title]) => card(title, 'quarter', this.#tops.get(column))),
    );
  }

  async load(api: ApiClient, query: EventQuery, route: Route, signal: AbortSignal): Promise<void> {
    const { stepMs: _, ...asked } = query;
    const hrefOf = (name: string, value: string): string =>
      routeText({ view: 'events', params: { ...route.params, [name]: value } });
    const [heat, ...tops] = await Promise.all([
      this.#askHeat(api, asked, routeText(route), signal),
      ...columns.map(([column]) => api.get<readonly TopRow[]>('events/top', { ...asked, column, limit: topRows }, signal)),
    ]);
    fill(
      this.#heat,
      heatMap(heat, (user) => hrefOf('user', user)),
      heatLegend(heat, usualDays),
    );
    columns.forEach(([column], i) => {
      const place = this.#tops.get(column);
      const shown = (value: string): string => (column === 'sourceIp' ? `~${value}` : value);
      if (place)
        fill(
          place,
          topList(tops[i] ?? [], (value) => hrefOf(column, value), shown),
        );
    });
  }

  /** With what is usual for each actor: asked for now and then, and where the address has changed. */
  async #askHeat(api: ApiClient, query: EventQuery, route: string, signal: AbortSignal): Promise<readonly HeatView[]> {
    const known = this.#usual?.route === route && Date.now() - this.#usual.atMs < usualKeptMs ? this.#usual : undefined;
    const asked = { ...query, limit: heatRows, ...(known ? {} : { usualDays }) };
    const rows = await api.get<readonly HeatView[]>('events/heat', asked, signal);
    if (known) return rows.map((row) => ({ ...row, ...withUsual(known.of.get(row.user)) }));
    this.#usual = { route, atMs: Date.now(), of: new Map(rows.map(({ user, usual }) => [user, usual])) };
    return rows;
  }
}

const withUsual = (usual: HeatView['usual']): Pick<HeatView, 'usual'> => (usual ? { usual } : {});
