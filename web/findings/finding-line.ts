import { h } from '../lib/dom.ts';
import { shortened } from '../lib/mask-marks.ts';
import { compact, many } from '../lib/numbers.ts';
import { severityBadge } from '../lib/severity.ts';
import { timeNode } from '../lib/times.ts';
import { brief } from '../lib/visible.ts';
import type { FindingRow } from './finding-row.ts';
import type { FindingGroup, Line } from './grouping.ts';

/** One line of the list of findings. */
export function findingLine(line: Line): HTMLElement {
  if (line.kind === 'waiting') return h('div', { class: 'line is-waiting', 'aria-label': 'loading' });
  return line.kind === 'group' ? groupLine(line.group, line.isOpen) : rowLine(line.row, line.isInGroup);
}

function rowLine(row: FindingRow, isInGroup: boolean): HTMLElement {
  const state = row.isSilenced ? 'silenced' : row.state === 'open' ? '' : row.state;
  return h(
    'div',
    { class: `line finding is-${row.state}${row.isSilenced ? ' is-silenced' : ''}${isInGroup ? ' is-inner' : ''}` },
    severityBadge(row.severity),
    timeNode(row.timeMs),
    h('span', { class: 'rule', title: brief(row.ruleName) }, brief(row.ruleName)),
    h('span', { class: 'user', title: brief(row.user) }, shortened(row.user)),
    h('span', { class: 'what', title: brief(row.what) }, shortened(row.what)),
    h(
      'span',
      { class: 'from', title: 'Address, masked: the same address gives the same text' },
      row.from === '' ? '' : `~${brief(row.from, 60)}`,
    ),
    h('span', { class: 'count', title: many(row.count, 'time') }, row.count > 1 ? `×${compact(row.count)}` : ''),
    h('span', { class: `state ${state}` }, state),
  );
}

function groupLine(group: FindingGroup, isOpen: boolean): HTMLElement {
  return h(
    'div',
    { class: 'line group', 'aria-expanded': String(isOpen) },
    severityBadge(group.worst.severity),
    timeNode(group.rows[0]?.timeMs ?? Number.NaN),
    h('span', { class: 'rule' }, shortened(group.title)),
    h('span', { class: 'sum' }, sumOf(group)),
  );
}

function sumOf({ rows, count, open }: FindingGroup): string {
  const times = count > rows.length ? `, ${compact(count)} times` : '';
  return `${many(rows.length, 'finding')}${times}${open < rows.length ? `, ${compact(open)} not closed` : ''}`;
}
