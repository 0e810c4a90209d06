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
  const numbers = [...(status.agent === 'here' ? counted(status) : []), ...common(status, version)];
  return h(
    'div',
    { class: 'cards' },
    card('Readiness', 'wide', readiness(status)),
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

type Fact = readonly [name: string, value: Child];

function counted({ totals, logBytes, eventsPerSecond, lagMs }: StatusView): readonly Fact[] {
  return [
    ['Events', [count(totals.events), ` · ${rate(eventsPerSecond)} a second`]],
    ['Lag', lagMs === undefined ? 'unknown' : spanText(lagMs)],
    ['Findings', count(totals.findings)],
    ['Masked values', count(totals.masked)],
    ['Stubs (could not be masked)', mark(totals.stubs)],
    ['Refused', mark(totals.refused)],
    ['Dropped', mark(totals.dropped)],
    ['Log of events', bytes(logBytes.events)],
    ['Log of findings', bytes(logBytes.findings)],
  ];
}

function common({ at }: StatusView, version: string): readonly Fact[] {
  return [
    ['As of', timeNode(at)],
    ['Version', visible(version)],
  ];
}

/** Of a process that only reads a store there is nothing to be ready. */
function readiness({ agent, problems }: StatusView): Child {
  if (problems.length > 0)
    return h(
      'ul',
      { class: 'problems' },
      problems.map((problem) => h('li', { class: 'bad' }, `! ${visible(problem)}`)),
    );
  if (agent === 'here') return h('p', { class: 'good' }, '✓ Ready: nothing to complain about.');
  if (agent === 'elsewhere')
    return h('p', {}, 'An agent writes this store from another process: whether it is ready, its own page and /readyz say.');
  return h('p', { class: 'none' }, 'Whether an agent writes this store cannot be told: its lock cannot be read.');
}

const mark = (value: number): Child => h('span', { class: value > 0 ? 'bad' : '' }, count(value));
