import type { PostureView as Report } from '../../src/web/api.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { type Child, fill, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { emptyState, waiting } from '../lib/notices.ts';
import { count, many } from '../lib/numbers.ts';
import { Refreshed } from '../lib/refreshed.ts';
import { localText, timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';

type PostureItem = Report['practices'][number];

export const openPosture: OpenViewOf = (app) => new PosturePage(app);

/** Reading the whole log costs something: not more often. */
const everyMs = 15 * 60_000;
const shownExamples = 5;

const words = { found: ['!', 'not followed'], none: ['✓', 'nothing found'], unseen: ['?', 'cannot be seen'] } as const;

/** Recommended practices that the cluster does not follow, as far as its audit log shows. */
class PosturePage implements OpenView {
  readonly element: HTMLElement;
  readonly keys = [];
  readonly #place = h('div', {}, waiting('Reading the log; a large one takes minutes'));
  readonly #refresh: Refreshed;

  constructor(app: App) {
    this.element = h('div', { class: 'overview' }, h('h1', { class: 'hidden' }, 'Posture'), this.#place);
    this.#refresh = new Refreshed(this.#place, everyMs, async (signal) => {
      const report = await app.api.get<Report>('posture', {}, signal);
      fill(this.#place, postureReport(report));
    });
    this.#refresh.start();
  }

  update(): void {}

  close(): void {
    this.#refresh.stop();
  }
}

function postureReport(report: Report): Child {
  const { practices, events, from, to, serverMinor } = report;
  if (events === 0) return emptyState('No events to judge by', 'Practices are judged from the log; come back when there is one.');
  const of = (status: PostureItem['status']): readonly PostureItem[] => practices.filter((one) => one.status === status);
  const [found, none, unseen] = [of('found'), of('none'), of('unseen')];
  const span = from === undefined || to === undefined ? '' : `, ${localText(Date.parse(from))} to ${localText(Date.parse(to))}`;
  const server = serverMinor === undefined ? '' : `, API server v1.${serverMinor}`;
  return [
    h(
      'p',
      { class: 'posture-head' },
      `${many(events, 'event')}${span}${server}: `,
      h('b', {}, `${count(found.length)} not followed`),
      `, ${count(none.length)} with nothing found, ${count(unseen.length)} that this log cannot show.`,
    ),
    h('div', { class: 'cards' }, found.map(foundCard)),
    h('div', { class: 'cards' }, group('Looked for, nothing found', none), group('Cannot be seen in this log', unseen)),
  ];
}

function statusMark(status: PostureItem['status']): HTMLElement {
  const [sign, word] = words[status];
  return h('span', { class: `practice ${status}` }, `${sign} ${word}`);
}

function foundCard({ title, why, remedy, count: number, looked, examples, blind, status, id }: PostureItem): HTMLElement {
  return h(
    'section',
    { class: 'card' },
    h(
      'h2',
      {},
      statusMark(status),
      ' ',
      visible(title),
      h('small', { title: id }, ` ${count(number)} of ${count(looked)} looked at`),
    ),
    h('p', {}, visible(why)),
    h('p', { class: 'remedy' }, visible(remedy)),
    h(
      'ul',
      { class: 'examples' },
      examples
        .slice(0, shownExamples)
        .map(({ what, who, note, at }) =>
          h(
            'li',
            {},
            withMasks(what),
            who !== undefined && [' by ', withMasks(who)],
            note !== undefined && [', ', withMasks(note)],
            at !== undefined && [' ', timeNode(at)],
          ),
        ),
      number > shownExamples &&
        h('li', { class: 'none' }, `and ${count(number - Math.min(examples.length, shownExamples))} more`),
    ),
    blind !== undefined && h('p', { class: 'none' }, `Not all can be seen: ${visible(blind)}`),
  );
}

function group(title: string, practices: readonly PostureItem[]): Child {
  if (practices.length === 0) return undefined;
  return h(
    'section',
    { class: 'card' },
    h('h2', {}, title),
    h(
      'ul',
      { class: 'examples' },
      practices.map(({ title: name, blind, status }) =>
        h('li', {}, statusMark(status), ' ', visible(name), blind !== undefined && h('small', { class: 'note' }, visible(blind))),
      ),
    ),
  );
}
