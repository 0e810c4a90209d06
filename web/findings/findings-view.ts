import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import type { FilterBar } from '../lib/filter-bar.ts';
import { emptyState, failureNote, waiting } from '../lib/notices.ts';
import { count } from '../lib/numbers.ts';
import { type Route, routeText } from '../lib/route.ts';
import { splitView } from '../lib/split-view.ts';
import { VirtualList } from '../lib/virtual-list.ts';
import { FindingDetailPane } from './finding-detail-pane.ts';
import { findingLine } from './finding-line.ts';
import type { FindingRow } from './finding-row.ts';
import { findingsFilters } from './findings-filters.ts';
import { FindingsModel, loadLimit } from './findings-model.ts';
import { queryOf } from './findings-query.ts';
import { type Grouping, groupsOf, type Line, linesOf } from './grouping.ts';
import { reviewFinding, silenceFinding } from './review-dialogs.ts';

export const openFindings: OpenViewOf = (app, route) => new FindingsView(app, route);

/** Findings as they come, what is known of the one that is chosen beside them. */
class FindingsView implements OpenView {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #model: FindingsModel;
  readonly #bar: FilterBar;
  readonly #list: VirtualList;
  readonly #detail: FindingDetailPane;
  readonly #notice = h('div', { class: 'notice' });
  readonly #stops: readonly (() => void)[];
  readonly #opened = new Set<string>();
  #lines: readonly Line[] = [];
  #route: Route;
  #loadedFor = '';
  #added = 0;
  #frame = 0;

  constructor(app: App, route: Route) {
    this.#app = app;
    this.#route = route;
    this.#model = new FindingsModel(app.api, {
      onChange: (added) => this.#changed(added),
      onFailure: (error) => this.#failed(error),
      onPosition: (position) => app.stream.from(position),
    });
    this.#bar = findingsFilters(
      () => this.#route,
      (next, replace) => app.go(next, replace),
    );
    this.#list = new VirtualList({
      label: 'Findings, newest first',
      className: 'findings-list',
      render: (index) => findingLine(this.#lineAt(index)),
      onSeen: (_, last) => this.#model.need(last + 200),
      onOpen: (index) => this.#openLine(index),
    });
    this.#detail = new FindingDetailPane(app, () => this.#closeDetail());
    const listSide = h('div', { class: 'list-side' }, this.#notice, this.#list.element);
    this.element = splitView('Findings', this.#bar.element, listSide, this.#detail.element);
    this.#stops = [
      app.stream.on('finding', (item) => {
        this.#model.take(item);
        this.#detail.take(item);
      }),
      app.stream.on('silence', () => this.#silenced()),
      app.stream.on('reset', () => this.#reload()),
    ];
    this.update(route);
  }

  readonly keys = [
    { keys: ['j', 'ArrowDown'], what: 'next finding', run: () => this.#move(1) },
    { keys: ['k', 'ArrowUp'], what: 'previous finding', run: () => this.#move(-1) },
    { keys: ['PageDown'], what: 'a page down', run: () => this.#move(20) },
    { keys: ['PageUp'], what: 'a page up', run: () => this.#move(-20) },
    { keys: ['Home'], what: 'the newest', run: () => this.#move(-this.#list.count) },
    { keys: ['End'], what: 'the oldest', run: () => this.#move(this.#list.count) },
    { keys: ['Enter'], what: 'open what is chosen', run: () => this.#openLine(this.#list.chosen) },
    { keys: ['a'], what: 'acknowledge', run: () => this.#review('acknowledge') },
    { keys: ['x'], what: 'close; a closed one: reopen', run: () => this.#review('close') },
    {
      keys: ['s'],
      what: 'silence findings like this',
      run: () => this.#withChosen((row) => silenceFinding(this.#app, row, () => {})),
    },
    { keys: ['/'], what: 'search', run: () => this.#bar.focus() },
    { keys: ['Escape'], what: 'close the finding', run: () => this.#closeDetail() },
  ];

  update(route: Route): void {
    this.#route = route;
    this.#bar.show(route);
    const { group: _, ...params } = route.params;
    const wanted = routeText({ view: 'findings', params });
    if (wanted !== this.#loadedFor) {
      this.#loadedFor = wanted;
      this.#list.element.classList.add('is-stale');
      if (this.#model.rows.length === 0) fill(this.#notice, waiting('Loading findings'));
      this.#reload();
    } else this.#draw();
    this.element.classList.toggle('has-detail', route.id !== undefined);
    this.#detail.show(route.id);
  }

  close(): void {
    this.#bar.close();
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
    this.#model.close();
    this.#detail.close();
    this.#list.close();
  }

  /** Which findings fall under it is the server's to say. */
  #silenced(): void {
    this.#reload();
    this.#detail.refresh();
  }

  #reload(): void {
    void this.#model.load(queryOf(this.#route, Date.now()));
  }

  #grouping(): Grouping | undefined {
    const { group } = this.#route.params;
    return group === 'rule' || group === 'user' ? group : undefined;
  }

  /** Many findings may come between two frames; they are drawn once. */
  #changed(added: number): void {
    this.#added += added;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#list.element.classList.remove('is-stale');
      this.#draw();
    });
  }

  #draw(): void {
    const { rows, total, isLoading } = this.#model;
    const by = this.#grouping();
    if (by) {
      this.#model.need(loadLimit);
      this.#lines = linesOf(groupsOf(rows, by), this.#opened);
    } else this.#lines = [];
    const added = by ? 0 : this.#added;
    this.#added = 0;
    const chosen = this.#list.chosen;
    this.#list.setCount(by ? this.#lines.length : Math.min(total, loadLimit));
    if (added > 0) {
      this.#list.shift(added);
      if (chosen >= 0) this.#list.choose(chosen + added, false);
    }
    if (!by) this.#chooseOpen();
    this.#bar.say(this.#summary(by !== undefined));
    fill(this.#notice, rows.length === 0 && !isLoading && this.#empty());
  }

  /** The finding that is shown beside the list is the chosen one of the list, wherever it stands now. */
  #chooseOpen(): void {
    const { id } = this.#route;
    const at = id === undefined ? -1 : this.#model.rows.findIndex((row) => row.id === id);
    if (at >= 0) this.#list.choose(at, false);
  }

  #summary(isGrouped: boolean): string {
    const { rows, total } = this.#model;
    if (total === 0) return '';
    const found = `${count(total)} ${total === 1 ? 'finding' : 'findings'}`;
    if (total > loadLimit && rows.length >= loadLimit)
      return `${found}; the newest ${count(loadLimit)} are shown. Choose a shorter time for the rest.`;
    return isGrouped && rows.length < total ? `${found}; ${count(rows.length)} grouped so far` : found;
  }

  #empty(): HTMLElement {
    const isFiltered = Object.keys(this.#route.params).some((name) => name !== 'group');
    if (!isFiltered)
      return emptyState(
        'No findings yet',
        'They appear here as they are made. ',
        h('a', { href: '#/health' }, 'See whether events arrive.'),
      );
    return emptyState(
      'Nothing matches these filters',
      h('a', { href: '#/findings' }, 'Take all filters away'),
      ' or choose a longer time.',
    );
  }

  #failed(error: unknown): void {
    this.#list.element.classList.remove('is-stale');
    fill(
      this.#notice,
      failureNote(error, () => this.#reload()),
    );
  }

  #lineAt(index: number): Line {
    if (this.#grouping()) return this.#lines[index] ?? { kind: 'waiting' };
    const row = this.#model.rows[index];
    return row ? { kind: 'finding', row, isInGroup: false } : { kind: 'waiting' };
  }

  #move(by: number): void {
    const { chosen, count: lines } = this.#list;
    if (lines === 0) return;
    this.#list.choose(Math.max(0, Math.min(lines - 1, chosen + by)));
    const line = this.#lineAt(this.#list.chosen);
    // With a finding open beside the list, the one that is moved to opens.
    if (this.#route.id !== undefined && line.kind === 'finding') this.#app.go({ ...this.#route, id: line.row.id }, true);
  }

  #openLine(index: number): void {
    const line = index < 0 ? undefined : this.#lineAt(index);
    if (line?.kind === 'finding') this.#app.go({ ...this.#route, id: line.row.id });
    if (line?.kind !== 'group') return;
    const { key } = line.group;
    if (!this.#opened.delete(key)) this.#opened.add(key);
    this.#draw();
  }

  #closeDetail(): void {
    if (this.#route.id === undefined) return;
    const { id: _, ...rest } = this.#route;
    this.#app.go(rest);
    this.#list.element.focus();
  }

  #review(action: 'acknowledge' | 'close'): void {
    this.#withChosen((row) => {
      const wanted = action === 'close' && row.state === 'closed' ? 'reopen' : action;
      reviewFinding(this.#app, row, wanted, () => {});
    });
  }

  #withChosen(run: (row: FindingRow) => void): void {
    const line = this.#list.chosen < 0 ? undefined : this.#lineAt(this.#list.chosen);
    const row = this.#detail.row ?? (line?.kind === 'finding' ? line.row : undefined);
    if (row) run(row);
    else this.#app.say('Choose a finding first: j and k move, Enter opens.');
  }
}
