import type { SessionView, StatusView } from '../../src/web/api.ts';
import { type Child, fill, glyph, h } from '../lib/dom.ts';
import { compact, count, many, rate } from '../lib/numbers.ts';
import { spanText } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { applyTheme, savedTheme, themeAfter } from './theme.ts';

const halves = 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.5v11a5.5 5.5 0 0 1 0-11z';
const shield = 'M8 .5 2 2.5v5c0 4 2.5 6.5 6 8 3.5-1.5 6-4 6-8v-5z';

/** The line at the top: cluster, how the agent is, theme, who is signed in. */
export class Header {
  readonly element: HTMLElement;
  readonly #status = h('div', { class: 'vitals', 'aria-label': 'how the agent is' });

  constructor(session: SessionView, showHelp: () => void, signOut: () => void) {
    const theme = h('button', { type: 'button', class: 'quiet theme' });
    const show = (): void => {
      fill(theme, glyph(halves), h('span', {}, savedTheme()));
      theme.setAttribute('aria-label', `Theme: ${savedTheme()}. Change it.`);
      theme.title = `Theme: ${savedTheme()}`;
    };
    theme.addEventListener('click', () => {
      applyTheme(themeAfter(savedTheme()));
      show();
    });
    show();
    this.element = h(
      'header',
      { class: 'top' },
      h('a', { class: 'brand', href: '#/findings' }, glyph(shield, 'glyph brand-mark'), h('span', {}, 'Auditveil')),
      h('span', { class: 'cluster', title: 'Cluster' }, visible(session.cluster)),
      this.#status,
      h('span', { class: 'who', title: `Signed in as ${session.role}` }, visible(session.name), h('small', {}, session.role)),
      theme,
      h('button', { type: 'button', class: 'quiet key-help', 'aria-label': 'Keys', on: { click: showHelp } }, '?'),
      h('button', { type: 'button', class: 'quiet', on: { click: signOut } }, 'Sign out'),
    );
  }

  show(status: StatusView): void {
    const { agent, problems } = status;
    fill(this.#status, [
      ...(agent === 'here' ? vitals(status) : [agentText(agent)]),
      problems.length > 0 && h('a', { class: 'bad', href: '#/health' }, many(problems.length, 'problem')),
    ]);
  }
}

function vitals({ eventsPerSecond, lagMs, totals }: StatusView): readonly Child[] {
  const lost = totals.dropped + totals.refused;
  return [
    h('span', { title: `${count(totals.events)} events since the start` }, h('b', {}, rate(eventsPerSecond)), ' events/s'),
    lagMs !== undefined && h('span', { title: 'From an event to the log' }, 'lag ', h('b', {}, spanText(lagMs))),
    h('span', { title: `${count(totals.masked)} values masked` }, h('b', {}, compact(totals.masked)), ' masked'),
    lost > 0 && h('span', { class: 'bad' }, many(lost, 'event'), ' refused or dropped'),
  ];
}

/** A process that only reads a store counts nothing: rates of 0 would be wrong. */
function agentText(agent: StatusView['agent']): Child {
  if (agent === 'none') return h('span', { class: 'bad' }, 'no agent writes this store');
  return (
    agent === 'elsewhere' &&
    h('span', { title: 'Its rates and sinks are on its own page and in its metrics' }, 'an agent writes this store')
  );
}
