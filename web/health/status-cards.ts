import type { StatusView } from '../../src/web/api.ts';
import { type Child, h } from '../lib/dom.ts';
import { count } from '../lib/numbers.ts';
import { visible } from '../lib/visible.ts';

const notHere = 'Known to the process of the agent only: see its own page, or its metrics.';

/** Each sink with its state and how much waits for it. */
export function sinkTable({ sinks, agent }: StatusView): Child {
  if (agent !== 'here') return h('p', { class: 'none' }, notHere);
  if (sinks.length === 0) return h('p', { class: 'none' }, 'No sinks: findings stay in the log and on this page.');
  return h(
    'table',
    { class: 'plain' },
    tableHead('Sink', 'State', '#Waiting'),
    h(
      'tbody',
      {},
      sinks.map(({ name, state, behind }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, visible(name)),
          h('td', {}, stateMark(state)),
          h('td', { class: 'number' }, count(behind)),
        ),
      ),
    ),
  );
}

/** Columns whose name begins with `#` hold numbers. */
export function tableHead(...names: readonly string[]): HTMLElement {
  return h(
    'thead',
    {},
    h(
      'tr',
      {},
      names.map((name) =>
        name.startsWith('#') ? h('th', { scope: 'col', class: 'number' }, name.slice(1)) : h('th', { scope: 'col' }, name),
      ),
    ),
  );
}

/** Good states are calm; all others stand out, by their word and a sign. */
function stateMark(state: string): HTMLElement {
  const isGood = /^(ok|ready|running|open|idle|up|delivering|closed)$/i.test(state);
  return h('span', { class: isGood ? 'good' : 'bad' }, `${isGood ? '✓' : '!'} ${state}`);
}
