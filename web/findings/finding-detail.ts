import type { EventRowView } from '../../src/core/event-store.ts';
import { doneTo, type Finding, type FindingEvent } from '../../src/core/finding.ts';
import type { FindingDetail } from '../../src/web/api.ts';
import { type App, mayReview } from '../lib/app.ts';
import { type Child, h } from '../lib/dom.ts';
import { shortened, withMasks } from '../lib/mask-marks.ts';
import { many } from '../lib/numbers.ts';
import { prettyJson } from '../lib/pretty-json.ts';
import { routeText } from '../lib/route.ts';
import { severityBadge } from '../lib/severity.ts';
import { closeButton } from '../lib/split-view.ts';
import { timeNode } from '../lib/times.ts';
import { brief, visible } from '../lib/visible.ts';
import { rowOf } from './finding-row.ts';
import { endSilence, reviewFinding, silenceFinding } from './review-dialogs.ts';

/** Everything that is known of one finding. */
export function findingDetail(app: App, detail: FindingDetail, onClose: () => void): readonly Child[] {
  const { item, event } = detail;
  const { finding } = item;
  return [
    h(
      'div',
      { class: 'detail-head' },
      severityBadge(finding.rule.severity),
      h('h2', {}, visible(finding.rule.name)),
      closeButton(onClose),
    ),
    stateLine(detail),
    actions(app, detail),
    section('What happened', facts(finding)),
    Object.keys(finding.evidence).length > 0 && section('Why the rule matched', evidence(finding)),
    section('Rule', ruleFacts(finding)),
    detail.reviews.length > 0 && section('Reviews', reviews(detail)),
    section('Same actor, five minutes before and after', around(detail)),
    section('Masked event', event === undefined ? h('p', { class: 'none' }, notKept(finding)) : prettyJson(event)),
    detail.revisions.length > 1 && section('Revisions', revisions(detail)),
  ];
}

const notKept = ({ episode }: Finding): string =>
  episode
    ? 'This finding is about several events; the list above has them.'
    : 'The event is not in the log: it was deleted by age or size, or the finding is not about an event.';

function section(title: string, content: Child): HTMLElement {
  return h('section', {}, h('h3', {}, title), content);
}

function stateLine({ item, reviews: said }: FindingDetail): HTMLElement {
  const last = said.at(-1);
  return h(
    'p',
    { class: 'state-line' },
    h('span', { class: `state ${item.state}` }, item.state),
    last && [' by ', h('bdi', {}, visible(last.by.name ?? 'someone')), ' ', timeNode(last.at)],
    item.silence !== undefined && h('span', { class: 'state silenced' }, 'silenced'),
  );
}

function actions(app: App, { item }: FindingDetail): Child {
  if (!mayReview(app)) return h('p', { class: 'none' }, 'You read as auditor; reviews are made by analysts.');
  const row = rowOf(item);
  const button = (text: string, key: string, run: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-keyshortcuts': key || undefined, title: key && `Key ${key}`, on: { click: run } }, text);
  const done = (): void => {};
  return h(
    'div',
    { class: 'buttons' },
    item.state === 'open' && button('Acknowledge', 'a', () => reviewFinding(app, row, 'acknowledge', done)),
    item.state !== 'closed' && button('Close', 'x', () => reviewFinding(app, row, 'close', done)),
    item.state !== 'open' && button('Reopen', item.state === 'closed' ? 'x' : '', () => reviewFinding(app, row, 'reopen', done)),
    item.silence === undefined
      ? button('Silence…', 's', () => silenceFinding(app, row, done))
      : button('End the silence', '', () => endSilence(app, item.silence as string)),
  );
}

type Fact = readonly [name: string, value: Child];

function factList(rows: readonly (Fact | undefined)[]): HTMLElement {
  return h(
    'dl',
    { class: 'facts' },
    rows.filter((fact) => fact !== undefined).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}

const link = (params: Readonly<Record<string, string>>, shown: Child): HTMLElement =>
  h('a', { href: routeText({ view: 'findings', params }), title: 'Findings with the same' }, shown);

function facts(finding: Finding): HTMLElement {
  const { event, episode, rolledUp, origin, output } = finding;
  return factList([
    ['When', [timeNode(finding.time), finding.revision > 1 && h('small', {}, ` revision ${finding.revision}`)]],
    output && ['Rule says', withMasks(output.text)],
    event.intent === undefined ? undefined : ['Looks like', h('code', {}, '$ ', withMasks(event.intent))],
    ...who(event),
    ['Did', withMasks(doneTo(event) || 'not about one request')],
    event.code === undefined ? undefined : ['Answer', String(event.code)],
    episode && ['Seen', [many(episode.count, 'time'), ', ', timeNode(episode.first), ' to ', timeNode(episode.last)]],
    rolledUp && ['Rolled up', [many(rolledUp.count, 'time'), ' until ', timeNode(rolledUp.last)]],
    episode?.mergedInto === undefined
      ? undefined
      : ['Goes on as', h('a', { href: `#/findings/${encodeURIComponent(episode.mergedInto)}` }, brief(episode.mergedInto, 12))],
    origin && ['Behind it', [withMasks(doneTo(origin)), ' by ', withMasks(origin.user ?? 'unknown'), ' ', timeNode(origin.time)]],
    ['Cluster', visible(finding.cluster)],
  ]);
}

function who({ user, sourceIPs, userAgent, namespace }: FindingEvent): readonly (Fact | undefined)[] {
  return [
    user === undefined ? undefined : ['Actor', link({ user }, withMasks(user))],
    sourceIPs.length === 0
      ? undefined
      : ['From', sourceIPs.map((address, i) => [i > 0 && ', ', h('span', { title: 'Masked address' }, `~${visible(address)}`)])],
    userAgent === undefined ? undefined : ['Client', withMasks(userAgent)],
    namespace === undefined ? undefined : ['Namespace', link({ namespace }, withMasks(namespace))],
  ];
}

function evidence({ evidence: fields, episode }: Finding): HTMLElement {
  const rows = Object.entries(fields).map(
    ([field, values]): Fact => [visible(field), values.map((value, i) => [i > 0 && ', ', withMasks(value)])],
  );
  const group = Object.entries(episode?.group ?? {}).map(
    ([field, value]): Fact => [`${visible(field)} (grouped by)`, withMasks(value)],
  );
  return factList([...rows, ...group]);
}

function ruleFacts({ rule }: Finding): HTMLElement {
  const techniques = rule.tags.filter((tag) => tag.startsWith('attack.'));
  return factList([
    [
      'Id',
      [
        h('a', { href: `#/rules/${encodeURIComponent(rule.id)}` }, visible(rule.id)),
        ' · ',
        link({ rule: rule.id }, 'all its findings'),
      ],
    ],
    techniques.length === 0
      ? undefined
      : ['ATT&CK', techniques.map((tag) => [link({ tag }, visible(tag.slice('attack.'.length))), ' '])],
    rule.author === undefined ? undefined : ['Author', visible(rule.author)],
    rule.licence === undefined ? undefined : ['Licence', visible(rule.licence)],
  ]);
}

function reviews({ reviews: said }: FindingDetail): HTMLElement {
  return h(
    'ol',
    { class: 'reviews' },
    said.map(({ at, by, action, text }) =>
      h(
        'li',
        {},
        timeNode(at),
        ' ',
        h('bdi', {}, visible(by.name ?? 'someone')),
        ` ${action} `,
        text !== undefined && h('q', {}, withMasks(text)),
      ),
    ),
  );
}

function revisions({ revisions: all }: FindingDetail): HTMLElement {
  return h(
    'ol',
    { class: 'reviews' },
    all.map(({ revision, time, episode }) =>
      h('li', {}, `${revision}: `, timeNode(time), episode && ` ${many(episode.count, 'time')}`),
    ),
  );
}

function around({ around: rows, item }: FindingDetail): HTMLElement {
  if (rows.length === 0) return h('p', { class: 'none' }, 'No other events of this actor are in the log.');
  return h(
    'table',
    { class: 'around' },
    h(
      'thead',
      { class: 'hidden' },
      h(
        'tr',
        {},
        ['Time', 'Request', 'Answer', 'Rules'].map((name) => h('th', { scope: 'col' }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.toSorted((a, b) => a.timeMs - b.timeMs).map((row) => aroundRow(row, item.finding)),
    ),
  );
}

function aroundRow(row: EventRowView, { event, rule }: Finding): HTMLElement {
  const isThis = row.auditID !== '' && row.auditID === event.auditID;
  const what = row.intent ?? doneTo(row);
  return h(
    'tr',
    { class: `${isThis ? 'is-this' : ''}${row.code >= 400 ? ' is-refused' : ''}` },
    h('td', {}, timeNode(row.timeMs)),
    h('td', { class: 'what', title: brief(what) }, isThis && h('b', {}, '▸ '), shortened(what)),
    h('td', {}, row.code === 0 ? '' : String(row.code)),
    h(
      'td',
      {},
      row.rules.filter((one) => !isThis || one !== rule.id).length > 0 &&
        h('span', { class: 'dot', title: brief(row.rules.join(', ')) }, many(row.rules.length, 'rule')),
    ),
  );
}
