import type { StatusView } from '../../src/web/api.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { type Child, fill, h } from '../lib/dom.ts';
import { waiting } from '../lib/notices.ts';
import { bytes, count, rate } from '../lib/numbers.ts';
import { spanText, timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { card } from '../overview/card.ts';
import { Completeness } from './completeness.ts';
import { sinkTable } from './status-cards.ts';

export const openHealth: OpenViewOf = (app) => new HealthView(app);

/** How the process is, second by second. */
class HealthView implements OpenView {
  readonly element: HTMLElement;
  readonly keys = [];
  readonly #place = h('div', {}, waiting('Waiting for the next second'));
  readonly #completeness: Completeness;
  readonly #stop: () => void;

  constructor(app: App) {
    this.#completeness = new Completeness(app.api);
    this.element = h(
      'div',
      { class: 'overview' },
      h('h1', { class: 'hidden' }, 'Health'),
      this.#place,
      h('div', { class: 'cards' }, card('Completeness by source', 'wide', this.#completeness.element)),
    );
    this.#stop = app.stream.on('status', (status) => fill(this.#place, healthCards(status, app.session.version)));
  }

  update(): void {}

  close(): void {
    this.#stop();
    this.#completeness.close();
  }
}

function healthCards(status: StatusView, version: string): HTMLElement {
  const { totals, logBytes, problems, eventsPerSecond, lagMs, at } = status;
  const numbers: readonly (readonly [string, Child])[] = [
    ['Events', [count(totals.events), ` · ${rate(eventsPerSecond)} a second`]],
    ['Lag', lagMs === undefined ? 'unknown' : spanText(lagMs)],
    ['Findings', count(totals.findings)],
    ['Masked values', count(totals.masked)],
    ['Stubs (could not be masked)', mark(totals.stubs)],
    ['Refused', mark(totals.refused)],
    ['Dropped', mark(totals.dropped)],
    ['Log of events', bytes(logBytes.events)],
    ['Log of findings', bytes(logBytes.findings)],
    ['As of', timeNode(at)],
    ['Version', visible(version)],
  ];
  return h(
    'div',
    { class: 'cards' },
    card('Readiness', 'wide', problemList(problems)),
    card(
      'Since the start',
      '',
      h(
        'dl',
        { class: 'facts' },
        numbers.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
    ),
    card('Sinks', '', sinkTable(status)),
  );
}

function problemList(problems: readonly string[]): Child {
  if (problems.length === 0) return h('p', { class: 'good' }, '✓ Ready: nothing to complain about.');
  return h(
    'ul',
    { class: 'problems' },
    problems.map((problem) => h('li', { class: 'bad' }, `! ${visible(problem)}`)),
  );
}

const mark = (value: number): Child => h('span', { class: value > 0 ? 'bad' : '' }, count(value));
