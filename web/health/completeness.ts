import type { CompletenessView } from '../../src/web/api.ts';
import type { ApiClient } from '../lib/api-client.ts';
import { fill, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { bytes, count } from '../lib/numbers.ts';
import { Refreshed } from '../lib/refreshed.ts';
import { spanText, timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { apiserverTable } from './apiserver-table.ts';
import { tableHead } from './status-cards.ts';

const everyMs = 30_000;
const shownGaps = 10;

/** Whether everything arrived: by source with what is known to be missing of it, and by API server with what it counted itself. */
export class Completeness {
  readonly element = h('div', {});
  readonly #refresh: Refreshed;

  constructor(api: ApiClient) {
    this.#refresh = new Refreshed(this.element, everyMs, async (signal) => {
      const view = await api.get<CompletenessView>('completeness', {}, signal);
      fill(this.element, sourceTable(view), apiserverTable(view), gapList(view));
    });
    this.#refresh.start();
  }

  close(): void {
    this.#refresh.stop();
  }
}

function sourceTable({ sources }: CompletenessView): HTMLElement {
  if (sources.length === 0) return h('p', { class: 'none' }, 'No source runs in this process.');
  return h(
    'table',
    { class: 'plain' },
    tableHead('Source', '#Events', '#Lag', '#Gaps', '#Known missing'),
    h(
      'tbody',
      {},
      sources.map(({ name, events, lagMs, gaps, missingBytes }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, visible(name)),
          h('td', { class: 'number' }, count(events)),
          h('td', { class: 'number' }, typeof lagMs === 'number' ? spanText(lagMs) : 'unknown'),
          h('td', { class: `number${gaps > 0 ? ' bad' : ''}` }, count(gaps)),
          h('td', { class: `number${missingBytes > 0 ? ' bad' : ''}` }, missingBytes > 0 ? bytes(missingBytes) : 'nothing'),
        ),
      ),
    ),
  );
}

function gapList({ gaps }: CompletenessView): HTMLElement {
  if (gaps.length === 0) return h('p', { class: 'good' }, '✓ Nothing is known to be missing.');
  return h(
    'ul',
    { class: 'examples' },
    gaps
      .slice(0, shownGaps)
      .map(({ finding, time, about, source }) =>
        h(
          'li',
          {},
          timeNode(time),
          ' ',
          visible(source),
          ': ',
          h('a', { href: `#/findings/${encodeURIComponent(finding)}` }, withMasks(about)),
        ),
      ),
    gaps.length > shownGaps && h('li', { class: 'none' }, `and ${count(gaps.length - shownGaps)} more`),
  );
}
