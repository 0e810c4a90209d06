import { severities } from '../../src/core/finding.ts';
import type { RuleSummary } from '../../src/web/api.ts';
import type { App, OpenView, OpenViewOf } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { FilterBar } from '../lib/filter-bar.ts';
import { emptyState, waiting } from '../lib/notices.ts';
import { many } from '../lib/numbers.ts';
import { Refreshed } from '../lib/refreshed.ts';
import type { Route } from '../lib/route.ts';
import { splitView } from '../lib/split-view.ts';
import { chosenRules, ruleTable } from './rule-list.ts';
import { RulePage } from './rule-page.ts';

export const openRules: OpenViewOf = (app, route) => new RulesView(app, route);

const everyMs = 60_000;

/** The rules in force and what they found. */
class RulesView implements OpenView {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #bar: FilterBar;
  readonly #place = h('div', { class: 'list-side scrolled' }, waiting('Loading the rules'));
  readonly #page: RulePage;
  readonly #refresh: Refreshed;
  #rules: readonly RuleSummary[] | undefined;
  #route: Route;

  constructor(app: App, route: Route) {
    this.#app = app;
    this.#route = route;
    this.#bar = new FilterBar({
      searchLabel: 'Search rules',
      placeholder: 'Search name, id, technique',
      selects: [
        {
          name: 'severity',
          label: 'Severity',
          options: [['', 'any severity'], ...severities.toReversed().map((one) => [one, one] as const)],
        },
        {
          name: 'found',
          label: 'Findings',
          options: [
            ['', 'all rules'],
            ['some', 'with findings'],
          ],
        },
      ],
      chips: {},
      ranges: 'none',
      defaultRange: '',
      withPeople: false,
      current: () => this.#route,
      go: (next, replace) => app.go(next, replace),
    });
    this.#page = new RulePage(app, () => this.#closePage());
    this.element = splitView('Rules', this.#bar.element, this.#place, this.#page.element);
    this.#refresh = new Refreshed(this.#place, everyMs, (signal) => this.#load(signal));
    this.#refresh.start();
    this.update(route);
  }

  readonly keys = [
    { keys: ['/'], what: 'search', run: () => this.#bar.focus() },
    { keys: ['Escape'], what: 'close the rule', run: () => this.#closePage() },
  ];

  update(route: Route): void {
    this.#route = route;
    this.#bar.show(route);
    this.element.classList.toggle('has-detail', route.id !== undefined);
    this.#page.show(route.id);
    this.#draw();
  }

  close(): void {
    this.#bar.close();
    this.#refresh.stop();
    this.#page.close();
  }

  async #load(signal: AbortSignal): Promise<void> {
    this.#rules = await this.#app.api.get<readonly RuleSummary[]>('rules', {}, signal);
    this.#draw();
  }

  #draw(): void {
    if (!this.#rules) return;
    const { text = '', severity, found } = this.#route.params;
    const rules = chosenRules(this.#rules, {
      text,
      severity: severities.find((one) => one === severity),
      withFindings: found === 'some',
    });
    this.#bar.say(`${many(rules.length, 'rule')} of ${this.#rules.length}`);
    fill(
      this.#place,
      rules.length === 0 ? emptyState('No rule matches', 'Take a filter away.') : ruleTable(rules, this.#route.id),
    );
  }

  #closePage(): void {
    const { id, ...rest } = this.#route;
    if (id !== undefined) this.#app.go(rest);
  }
}
