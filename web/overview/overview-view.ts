import type { EventQuery, StatusView } from '../../src/web/api.ts';
import { Completeness } from '../health/completeness.ts';
import { sinkTable } from '../health/status-cards.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { FilterBar } from '../lib/filter-bar.ts';
import { emptyState } from '../lib/notices.ts';
import { many } from '../lib/numbers.ts';
import { Refreshed } from '../lib/refreshed.ts';
import { type Route, withParams } from '../lib/route.ts';
import { rangeMs } from '../lib/time-range.ts';
import { spanText } from '../lib/times.ts';
import { sum } from '../plots/stack.ts';
import { stepFor } from '../plots/steps.ts';
import { TimePlot } from '../plots/time-plot.ts';
import { card } from './card.ts';
import { EventPlots } from './event-plots.ts';
import { Rankings } from './rankings.ts';

export const openOverview: OpenViewOf = (app, route) => new OverviewView(app, route);

const defaultRange = '1h';
const everyMs = 30_000;
const points = 120;
/** Seconds of lag that are kept to be drawn. */
const lagPoints = 600;

/** How the cluster and the agent have been: plots over time, rankings, sinks, sources. */
class OverviewView implements OpenView {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #bar: FilterBar;
  readonly #plots: EventPlots;
  readonly #rankings = new Rankings();
  readonly #notice = h('div', {});
  readonly #pipeline = h('div', {});
  readonly #completeness: Completeness;
  readonly #lag = new TimePlot({ label: 'Lag', kind: 'line', isStacked: false, format: (ms) => spanText(ms) });
  readonly #refresh: Refreshed;
  readonly #stop: () => void;
  #lags: readonly { readonly atMs: number; readonly lagMs: number }[] = [];
  #route: Route;

  constructor(app: App, route: Route) {
    this.#app = app;
    this.#route = route;
    this.#completeness = new Completeness(app.api);
    this.#bar = overviewFilters(
      () => this.#route,
      (next, replace) => app.go(next, replace),
    );
    this.#plots = new EventPlots((sinceMs, untilMs) => this.#zoom(sinceMs, untilMs));
    this.element = h(
      'div',
      { class: 'overview' },
      h('h1', { class: 'hidden' }, 'Overview'),
      this.#bar.element,
      this.#notice,
      this.#plots.element,
      this.#rankings.element,
      h(
        'div',
        { class: 'cards' },
        card('Lag, since this view was opened', '', this.#lag.element),
        card('Sinks', '', this.#pipeline),
        card('Completeness by source', 'wide', this.#completeness.element),
      ),
    );
    this.#refresh = new Refreshed(this.#notice, everyMs, (signal) => this.#load(signal));
    this.#stop = app.stream.on('status', (status) => this.#status(status));
    this.update(route);
  }

  readonly keys = [{ keys: ['/'], what: 'search', run: () => this.#bar.focus() }];

  update(route: Route): void {
    this.#route = route;
    this.#bar.show(route);
    this.#refresh.start();
  }

  close(): void {
    this.#bar.close();
    this.#stop();
    this.#refresh.stop();
    this.#completeness.close();
    this.#plots.close();
    this.#lag.close();
  }

  #zoom(sinceMs: number, untilMs: number): void {
    this.#app.go(
      withParams(this.#route, {
        since: new Date(sinceMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        range: undefined,
      }),
    );
  }

  async #load(signal: AbortSignal): Promise<void> {
    const query = overviewQuery(this.#route, Date.now());
    const [series] = await Promise.all([
      this.#plots.load(this.#app.api, query, signal),
      this.#rankings.load(this.#app.api, query, this.#route, signal),
    ]);
    const events = sum(series.events);
    this.#bar.say(`${many(events, 'event')}, a point for each ${spanText(series.stepMs)}. Draw over a plot to look closer.`);
    fill(
      this.#notice,
      events === 0 &&
        emptyState(
          'No events in this time',
          'Choose a longer one above, or ',
          h('a', { href: '#/health' }, 'see whether events arrive.'),
        ),
    );
  }

  #status(status: StatusView): void {
    fill(this.#pipeline, sinkTable(status));
    if (status.lagMs === undefined) return;
    this.#lags = [...this.#lags, { atMs: Date.parse(status.at), lagMs: status.lagMs }].slice(-lagPoints);
    const values = this.#lags.map(({ lagMs }) => lagMs);
    if (this.#lags.length > 1)
      this.#lag.show({ times: this.#lags.map(({ atMs }) => atMs), series: [{ label: 'lag', color: 'series-1', values }] });
  }
}

function overviewQuery({ params }: Route, nowMs: number): EventQuery {
  const untilMs = params['until'] === undefined ? nowMs : Date.parse(params['until']);
  const length = rangeMs(params['range'] ?? defaultRange) ?? 3_600_000;
  const sinceMs = params['since'] === undefined ? untilMs - length : Date.parse(params['since']);
  const stepMs = stepFor(Math.max(1000, untilMs - sinceMs), points);
  const { text, humans } = params;
  return {
    since: new Date(Math.floor(sinceMs / stepMs) * stepMs).toISOString(),
    until: new Date(Math.ceil(untilMs / stepMs) * stepMs).toISOString(),
    stepMs: String(stepMs),
    ...(text === undefined ? {} : { text }),
    ...(humans === 'true' ? { humans } : {}),
  };
}

function overviewFilters(current: () => Route, go: (route: Route, replace?: boolean) => void): FilterBar {
  return new FilterBar({
    searchLabel: 'Only events that contain',
    placeholder: 'Only events that contain …',
    selects: [],
    chips: { since: 'since', until: 'until' },
    defaultRange,
    withPeople: true,
    current,
    go,
  });
}
