import type { HistoryView, SilenceView } from '../../src/web/api.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { waiting } from '../lib/notices.ts';
import { Refreshed } from '../lib/refreshed.ts';
import { card } from '../overview/card.ts';
import { historyList } from './history-list.ts';
import { silenceTable } from './silence-table.ts';

export const openReviews: OpenViewOf = (app) => new ReviewsView(app);

const everyMs = 30_000;
/** What is said in the same breath is loaded once. */
const soonMs = 200;

/** What people said: silences in force, and everything that was acknowledged, closed, reopened or silenced. */
class ReviewsView implements OpenView {
  readonly element: HTMLElement;
  readonly keys = [];
  readonly #silences = h('div', {}, waiting('Loading silences'));
  readonly #history = h('div', {}, waiting('Loading reviews'));
  readonly #refreshes: readonly Refreshed[];
  readonly #stops: readonly (() => void)[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#refreshes = [
      new Refreshed(this.#silences, everyMs, async (signal) => {
        const silences = await app.api.get<readonly SilenceView[]>('silences', {}, signal);
        fill(this.#silences, silenceTable(app, silences));
      }),
      new Refreshed(this.#history, everyMs, async (signal) => {
        fill(this.#history, historyList(await app.api.get<HistoryView>('reviews', {}, signal)));
      }),
    ];
    this.element = h(
      'div',
      { class: 'overview' },
      h('h1', { class: 'hidden' }, 'Reviews and silences'),
      h(
        'div',
        { class: 'cards' },
        card('Silences in force', 'wide', this.#silences),
        card('What people said', 'wide', this.#history),
      ),
    );
    this.#stops = [
      app.stream.on('silence', () => this.#soon()),
      app.stream.on('finding', ({ lastReview }) => {
        if (lastReview) this.#soon();
      }),
    ];
    this.update();
  }

  update(): void {
    for (const refresh of this.#refreshes) refresh.start();
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    for (const refresh of this.#refreshes) refresh.stop();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.update(), soonMs);
  }
}
