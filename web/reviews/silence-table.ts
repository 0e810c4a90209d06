import type { SilenceView } from '../../src/web/api.ts';
import { endSilence } from '../findings/review-dialogs.ts';
import { tableHead } from '../health/status-cards.ts';
import { type App, mayReview } from '../lib/app.ts';
import { type Child, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { count } from '../lib/numbers.ts';
import { routeText } from '../lib/route.ts';
import { spanText, timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';

type Match = SilenceView['match'];

const words: Readonly<Record<keyof Match, string>> = {
  rule: 'rule',
  user: 'actor',
  namespace: 'namespace',
  severity: 'severity',
};

/** What a silence names, in words: all of it must hold. */
export function matchText({ match, ruleName }: Pick<SilenceView, 'match' | 'ruleName'>): Child {
  const named = (Object.keys(words) as (keyof Match)[]).filter((name) => match[name] !== undefined);
  return named.map((name, i) => [
    i > 0 && ' and ',
    `${words[name]} `,
    h('b', {}, withMasks((name === 'rule' ? ruleName : undefined) ?? match[name] ?? '')),
  ]);
}

/** Each silence with who made it, how long it holds and what it keeps quiet; analysts can end it. */
export function silenceTable(app: App, silences: readonly SilenceView[], nowMs = Date.now()): Child {
  if (silences.length === 0)
    return h(
      'p',
      { class: 'none' },
      'None: sinks that notify people are told of every finding. A finding that is open has a button to silence others like it.',
    );
  const isAnalyst = mayReview(app);
  return h(
    'table',
    { class: 'plain silences' },
    tableHead('Hides', 'By', 'Ends', '#Findings kept quiet', ...(isAnalyst ? ['#'] : [])),
    h(
      'tbody',
      {},
      silences.map((silence) => silenceRow(app, silence, isAnalyst, nowMs)),
    ),
  );
}

function silenceRow(app: App, silence: SilenceView, isAnalyst: boolean, nowMs: number): HTMLElement {
  const { id, match, by, at, until, text, findings, last } = silence;
  const shown = routeText({ view: 'findings', params: { ...match, since: at } });
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, matchText(silence), text !== undefined && h('q', {}, withMasks(text))),
    h('td', { 'data-word': 'by' }, h('bdi', {}, visible(by.name ?? 'someone')), h('small', {}, ' since ', timeNode(at))),
    h(
      'td',
      { 'data-word': 'ends' },
      `in ${spanText(Math.max(0, Date.parse(until) - nowMs))}`,
      h('small', {}, ' ', timeNode(until)),
    ),
    h(
      'td',
      { class: 'number', 'data-word': 'findings kept quiet:' },
      findings === 0 ? 'none' : h('a', { href: shown }, count(findings)),
      last !== undefined && h('small', {}, ' last ', timeNode(last)),
    ),
    isAnalyst && h('td', { class: 'number' }, h('button', { type: 'button', on: { click: () => endSilence(app, id) } }, 'End')),
  );
}
