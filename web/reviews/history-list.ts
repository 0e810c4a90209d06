import type { HistoryView, SaidView } from '../../src/web/api.ts';
import { type Child, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { count } from '../lib/numbers.ts';
import { routeText } from '../lib/route.ts';
import { timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { matchText } from './silence-table.ts';

const verbs: Readonly<Record<SaidView['action'], string>> = {
  acknowledge: 'acknowledged',
  close: 'closed',
  reopen: 'reopened',
  silence: 'silenced',
  'end-silence': 'ended the silence of',
};

/** Who said what, the newest first. */
export function historyList({ said, total }: HistoryView): Child {
  if (said.length === 0)
    return h('p', { class: 'none' }, 'Nothing yet. Who acknowledges, closes, reopens or silences something is listed here.');
  return [
    h('ol', { class: 'reviews history' }, said.map(saidLine)),
    total > said.length &&
      h('p', { class: 'none' }, `${count(total - said.length)} older ones are in the log; an export has them all.`),
  ];
}

function saidLine({ at, by, action, finding, silence, text }: SaidView): HTMLElement {
  return h(
    'li',
    {},
    timeNode(at),
    ' ',
    h('bdi', {}, visible(by ?? 'someone')),
    ` ${verbs[action]} `,
    finding && [
      h('a', { href: routeText({ view: 'findings', id: finding.id, params: {} }) }, visible(finding.rule)),
      finding.user !== undefined && [' by ', withMasks(finding.user)],
    ],
    silence && matchText(silence),
    silence && action === 'silence' && [' until ', timeNode(silence.until)],
    text !== undefined && [' ', h('q', {}, withMasks(text))],
  );
}
