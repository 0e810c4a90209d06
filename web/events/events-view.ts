import type { EventPage, EventRowView } from '../../src/core/event-store.ts';
import type { EventQuery } from '../../src/web/api.ts';
import { isAbort } from '../lib/api-client.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { FilterBar } from '../lib/filter-bar.ts';
import { emptyState, failureNote, waiting } from '../lib/notices.ts';
import { many } from '../lib/numbers.ts';
import { type Route, routeText } from '../lib/route.ts';
import { splitView } from '../lib/split-view.ts';
import { timesOf } from '../lib/time-range.ts';
import { localText } from '../lib/times.ts';
import { VirtualList } from '../lib/virtual-list.ts';
import { eventLine } from './event-line.ts';
import { EventPane } from './event-pane.ts';

export const openEvents: OpenViewOf = (app, route) => new EventsView(app, route);

const defaultRange = '24h';
const pageRows = 200;
/** So many events are looked at page by page; beyond, a search has to be narrower. */
const rowLimit = 20_000;

const members = ['user', 'verb', 'resource', 'namespace', 'name', 'sourceIp', 'code', 'text'] as const;

/** Search over the masked events of the log. */
class EventsView implements OpenView {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #bar: FilterBar;
  readonly #list: VirtualList;
  readonly #pane: EventPane;
  readonly #notice = h('div', { class: 'notice' });
  #route: Route;
  #searched = '';
  #rows: EventRowView[] = [];
  #next: string | undefined;
  #lookedBackToMs: number | undefined;
  #abort = new AbortController();
  #isLoading = false;
  #query: EventQuery = {};

  constructor(app: App, route: Route) {
    this.#app = app;
    this.#route = route;
    this.#bar = eventFilters(
      () => this.#route,
      (next, replace) => app.go(next, replace),
    );
    this.#list = new VirtualList({
      label: 'Events, newest first',
      className: 'events-list',
      render: (index) => eventLine(this.#rows[index]),
      onSeen: (_, last) => this.#need(last + 50),
      onOpen: (index) => this.#open(index),
    });
    this.#pane = new EventPane(app, () => this.#closePane());
    const listSide = h('div', { class: 'list-side' }, this.#notice, this.#list.element);
    this.element = splitView('Events', this.#bar.element, listSide, this.#pane.element);
    this.update(route);
  }

  readonly keys = [
    { keys: ['j', 'ArrowDown'], what: 'next event', run: () => this.#move(1) },
    { keys: ['k', 'ArrowUp'], what: 'previous event', run: () => this.#move(-1) },
    { keys: ['PageDown'], what: 'a page down', run: () => this.#move(20) },
    { keys: ['PageUp'], what: 'a page up', run: () => this.#move(-20) },
    { keys: ['Enter'], what: 'open what is chosen', run: () => this.#open(this.#list.chosen) },
    { keys: ['/'], what: 'search', run: () => this.#bar.focus() },
    { keys: ['Escape'], what: 'close the event', run: () => this.#closePane() },
  ];

  update(route: Route): void {
    this.#route = route;
    this.#bar.show(route);
    const wanted = routeText({ view: 'events', params: route.params });
    if (wanted !== this.#searched) {
      this.#searched = wanted;
      this.#search();
    }
    this.element.classList.toggle('has-detail', route.id !== undefined);
    this.#pane.show(
      route.id,
      this.#rows.find(({ digest }) => digest === route.id),
      route,
    );
  }

  close(): void {
    this.#bar.close();
    this.#abort.abort();
    this.#pane.close();
    this.#list.close();
  }

  #search(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#query = queryOf(this.#route, Date.now());
    this.#next = undefined;
    this.#list.element.classList.add('is-stale');
    fill(this.#notice, this.#rows.length === 0 && waiting('Searching'));
    void this.#load(true);
  }

  #need(rows: number): void {
    if (!this.#isLoading && this.#next !== undefined && this.#rows.length < Math.min(rows, rowLimit)) void this.#load(false);
  }

  async #load(isFirst: boolean): Promise<void> {
    const { signal } = this.#abort;
    this.#isLoading = true;
    try {
      const page = await this.#app.api.get<EventPage>('events', { ...this.#query, limit: pageRows, before: this.#next }, signal);
      if (isFirst) this.#rows = [];
      this.#rows.push(...page.rows);
      this.#next = page.next;
      this.#lookedBackToMs = page.lookedBackToMs;
      this.#isLoading = false;
      this.#show();
    } catch (error) {
      if (isAbort(error)) return;
      this.#isLoading = false;
      fill(
        this.#notice,
        failureNote(error, () => this.#search()),
      );
    }
  }

  #show(): void {
    const count = this.#rows.length;
    this.#list.element.classList.remove('is-stale');
    // A row that is not loaded yet stands for all that follow.
    this.#list.setCount(count + (this.#next === undefined ? 0 : 1));
    const isMore = this.#next !== undefined;
    const more = isMore && (count >= rowLimit ? '; there are more, search for less' : ' so far, more as you scroll');
    const back = this.#lookedBackToMs;
    const looked = back === undefined ? '' : `. Only looked back to ${localText(back)}: choose another time for what is older`;
    this.#bar.say(count === 0 && looked === '' ? '' : `${many(count, 'event')}${more || ''}${looked}`);
    const isWide = this.#route.params['range'] === '30d';
    fill(
      this.#notice,
      count === 0 &&
        emptyState('No event matches', isWide ? 'Take a filter away.' : 'Take a filter away, or choose a longer time.'),
    );
  }

  #move(by: number): void {
    const { chosen, count } = this.#list;
    if (count === 0) return;
    this.#list.choose(Math.max(0, Math.min(count - 1, chosen + by)));
    if (this.#route.id !== undefined) this.#open(this.#list.chosen, true);
  }

  #open(index: number, replace = false): void {
    const row = this.#rows[index];
    if (row) this.#app.go({ ...this.#route, id: row.digest }, replace);
  }

  #closePane(): void {
    if (this.#route.id === undefined) return;
    const { id: _, ...rest } = this.#route;
    this.#app.go(rest);
    this.#list.element.focus();
  }
}

function queryOf({ params }: Route, nowMs: number): EventQuery {
  const query: Record<string, string> = {};
  for (const name of members) if (params[name]) query[name] = params[name];
  if (params['humans'] === 'true') query['humans'] = 'true';
  return { ...query, ...timesOf({ range: defaultRange, ...params }, nowMs) };
}

function eventFilters(current: () => Route, go: (route: Route, replace?: boolean) => void): FilterBar {
  return new FilterBar({
    searchLabel: 'Search events',
    placeholder: 'Search anywhere in the masked event',
    selects: [],
    chips: {
      user: 'actor',
      verb: 'verb',
      resource: 'resource',
      namespace: 'namespace',
      name: 'name',
      sourceIp: 'address',
      code: 'answer',
      since: 'since',
      until: 'until',
    },
    defaultRange,
    withPeople: true,
    current,
    go,
  });
}
