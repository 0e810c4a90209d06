import type { EventRowView } from '../../src/core/event-store.ts';
import { doneTo } from '../../src/core/finding.ts';
import { h } from '../lib/dom.ts';
import { shortened } from '../lib/mask-marks.ts';
import { many } from '../lib/numbers.ts';
import { timeNode } from '../lib/times.ts';
import { brief } from '../lib/visible.ts';

/** One line of the list of events. */
export function eventLine(row: EventRowView | undefined): HTMLElement {
  if (!row) return h('div', { class: 'line is-waiting', 'aria-label': 'loading' });
  const request = doneTo(row);
  const matched =
    row.rules.length > 0 && h('span', { class: 'dot', title: brief(row.rules.join(', ')) }, many(row.rules.length, 'rule'));
  return h(
    'div',
    { class: 'line event' },
    timeNode(row.timeMs),
    h(
      'span',
      { class: 'user', title: brief(row.user) },
      row.isStub ? h('b', {}, 'stub: could not be masked') : shortened(row.user),
    ),
    h('span', { class: 'request', title: brief(request) }, shortened(request)),
    h('span', { class: 'what', title: brief(row.intent ?? '') }, row.intent === undefined ? '' : shortened(row.intent)),
    h('span', { class: 'from', title: 'Address, masked' }, row.sourceIp === '' ? '' : `~${brief(row.sourceIp, 60)}`),
    h('span', { class: `code${row.code >= 400 ? ' is-refused' : ''}` }, row.code === 0 ? '' : row.code),
    h('span', { class: 'rules' }, matched),
  );
}
