import type { EventRowView } from '../../src/core/event-store.ts';
import { doneTo } from '../../src/core/finding.ts';
import type { EventText } from '../../src/web/api.ts';
import { isAbort } from '../lib/api-client.ts';
import type { App } from '../lib/app.ts';
import { type Child, fill, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { failureNote, waiting } from '../lib/notices.ts';
import { prettyJson } from '../lib/pretty-json.ts';
import { type Route, routeText } from '../lib/route.ts';
import { closeButton } from '../lib/split-view.ts';
import { timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';

/** The side of the list that shows one event whole, with links to others like it. */
export class EventPane {
  readonly element = h('section', { class: 'detail', 'aria-label': 'Event', tabindex: -1, hidden: true });
  readonly #app: App;
  readonly #onClose: () => void;
  #digest: string | undefined;
  #abort = new AbortController();

  constructor(app: App, onClose: () => void) {
    this.#app = app;
    this.#onClose = onClose;
  }

  show(digest: string | undefined, row: EventRowView | undefined, route: Route): void {
    if (digest === this.#digest) return;
    this.#digest = digest;
    this.element.hidden = digest === undefined;
    this.#abort.abort();
    if (digest === undefined) {
      fill(this.element);
      return;
    }
    const place = h('div', {}, waiting('Loading the event'));
    const title = row ? doneTo(row) : 'Event';
    fill(
      this.element,
      h('div', { class: 'detail-head is-plain' }, h('h2', {}, withMasks(title)), closeButton(this.#onClose)),
      row && facts(row, route),
      h('section', {}, h('h3', {}, 'Masked event'), place),
    );
    this.element.scrollTop = 0;
    void this.#load(digest, place);
  }

  close(): void {
    this.#abort.abort();
  }

  async #load(digest: string, place: HTMLElement): Promise<void> {
    this.#abort = new AbortController();
    try {
      const { event } = await this.#app.api.get<EventText>(`events/${encodeURIComponent(digest)}`, {}, this.#abort.signal);
      fill(place, prettyJson(event));
    } catch (error) {
      if (!isAbort(error)) fill(place, failureNote(error));
    }
  }
}

function facts(row: EventRowView, route: Route): Child {
  const like = (name: string, value: string, shown: string = value): Child =>
    value === ''
      ? 'none'
      : h(
          'a',
          { href: routeText({ view: 'events', params: { ...route.params, [name]: value } }), title: 'Events with the same' },
          withMasks(shown),
        );
  const rows: readonly (readonly [string, Child])[] = [
    ['When', timeNode(row.timeMs)],
    ['Actor', like('user', row.user)],
    ['From', like('sourceIp', row.sourceIp, `~${row.sourceIp}`)],
    ['Client', withMasks(row.userAgent)],
    ['Verb', like('verb', row.verb)],
    ['Resource', like('resource', row.resource)],
    ['Namespace', like('namespace', row.namespace)],
    ['Name', like('name', row.name)],
    ['Answer', [like('code', row.code === 0 ? '' : String(row.code)), row.decision === '' ? '' : ` ${visible(row.decision)}`]],
    ...(row.intent === undefined ? [] : [['Looks like', h('code', {}, '$ ', withMasks(row.intent))] as const]),
    ...(row.rules.length === 0
      ? []
      : [
          [
            'Rules',
            row.rules.map((rule) => [h('a', { href: `#/findings?${new URLSearchParams({ rule })}` }, visible(rule)), ' ']),
          ] as const,
        ]),
    ['Source', visible(row.source)],
  ];
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}
