import type { ApiserverCounts } from '../../src/core/apiserver-counts.ts';
import type { CompletenessView } from '../../src/web/api.ts';
import { type Child, h } from '../lib/dom.ts';
import { count, many } from '../lib/numbers.ts';
import { timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { tableHead } from './status-cards.ts';

/** What each API server says it counted, beside what is in the log. */
export function apiserverTable({ apiservers }: CompletenessView): Child {
  if (apiservers.length === 0)
    return h(
      'p',
      { class: 'none' },
      'Not compared with what the API servers counted themselves: name their metrics in ',
      h('code', {}, 'cluster.apiservers'),
      ' of the configuration.',
    );
  return h(
    'table',
    { class: 'plain' },
    tableHead('API server', '#Counted', '#In the log', '#Missing', '#Given up by it', ''),
    h('tbody', {}, apiservers.map(apiserverRow)),
  );
}

function apiserverRow(apiserver: ApiserverCounts): HTMLElement {
  const { name, compared, lost } = apiserver;
  const givenUp = Object.values(lost).reduce((sum, events) => sum + events, 0);
  const number = (value: number | undefined, isBad = false): HTMLElement =>
    h('td', { class: `number${isBad ? ' bad' : ''}` }, value === undefined ? '–' : count(value));
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, visible(name)),
    number(compared?.counted),
    number(compared?.stored),
    number(compared?.missing, (compared?.missing ?? 0) > 0),
    number(apiserver.at === undefined ? undefined : givenUp, givenUp > 0),
    h('td', {}, words(apiserver, givenUp)),
  );
}

const good = (...text: readonly Child[]): Child => h('span', { class: 'good' }, '✓ ', text);
const bad = (...text: readonly Child[]): Child => h('span', { class: 'bad' }, '! ', text);

function words({ name, at, problem, lost, refused, compared }: ApiserverCounts, givenUp: number): Child {
  if (problem) return [bad(visible(problem.message)), ` ${problem.remedy}`];
  if (at === undefined) return 'Being read for the first time.';
  const parts = Object.entries(lost).map(([part, events]) => `${visible(part)} ${count(events)}`);
  const others = (compared?.together ?? []).filter((other) => other !== name);
  return [
    verdict(compared),
    compared && [' since ', timeNode(compared.since)],
    others.length > 0 && ` (counted together with ${others.map(visible).join(', ')})`,
    givenUp > 0 && [h('br', {}), bad('it gave up events: ', parts.join(', '))],
    refused > 0 && [h('br', {}), bad('it refused ', many(refused, 'request'), ' because of auditing')],
  ];
}

function verdict(compared: ApiserverCounts['compared']): Child {
  if (!compared) return 'Compared from the second look on';
  const { counted, stored, missing, isSettled } = compared;
  if (missing > 0) return bad(`${many(missing, 'event')} missing`);
  // What was on its way at the first look came without being counted; more than that has another sender.
  if (stored > counted * 1.05 + 1000)
    return bad('more came than it counted: another API server sends too, and hides what is missing');
  return isSettled ? good('complete') : 'nothing seems missing; 15 minutes tell,';
}
