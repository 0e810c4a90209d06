import type { RuleBacktest, RuleDetail } from '../../src/web/api.ts';
import { isAbort } from '../lib/api-client.ts';
import type { App } from '../lib/app.ts';
import { type Child, fill, h } from '../lib/dom.ts';
import { withMasks } from '../lib/mask-marks.ts';
import { failureNote, waiting } from '../lib/notices.ts';
import { count, many } from '../lib/numbers.ts';
import { severityBadge } from '../lib/severity.ts';
import { closeButton } from '../lib/split-view.ts';
import { localText } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';
import { shareBar } from '../plots/share-bar.ts';

/** The side of the list that shows one rule: what it found, its text with examples, and what it would find in the log. */
export class RulePage {
  readonly element = h('section', { class: 'detail', 'aria-label': 'Rule', hidden: true });
  readonly #app: App;
  readonly #onClose: () => void;
  #id: string | undefined;
  #abort = new AbortController();

  constructor(app: App, onClose: () => void) {
    this.#app = app;
    this.#onClose = onClose;
  }

  show(id: string | undefined): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.element.hidden = id === undefined;
    if (id === undefined) return;
    fill(this.element, waiting('Loading the rule'));
    void this.#load(id, this.#abort.signal);
  }

  close(): void {
    this.#abort.abort();
  }

  async #load(id: string, signal: AbortSignal): Promise<void> {
    try {
      const detail = await this.#app.api.get<RuleDetail>(`rules/${encodeURIComponent(id)}`, {}, signal);
      fill(this.element, this.#content(detail, signal));
      this.element.scrollTop = 0;
    } catch (error) {
      if (!isAbort(error))
        fill(
          this.element,
          failureNote(error, () => void this.#load(id, signal)),
        );
    }
  }

  #content({ rule, text, findings, days }: RuleDetail, signal: AbortSignal): readonly Child[] {
    const result = h('div', { 'aria-live': 'polite' });
    const button = h('button', { type: 'button' }, 'Backtest over the log');
    button.addEventListener('click', () => void this.#backtest(rule.id, button, result, signal));
    return [
      h(
        'div',
        { class: 'detail-head' },
        severityBadge(rule.severity),
        h('h2', {}, visible(rule.name)),
        closeButton(this.#onClose),
      ),
      h(
        'p',
        { class: 'state-line' },
        h('a', { href: `#/findings?${new URLSearchParams({ rule: rule.id })}` }, many(findings, 'finding')),
        findings > 0 && `, ${count(days.at(-1) ?? 0)} of them in the last day`,
      ),
      h('div', { class: 'buttons' }, button),
      result,
      findings > 0 && h('section', {}, h('h3', {}, 'Findings of the last 30 days'), dayBars(days)),
      h(
        'section',
        {},
        h('h3', {}, 'About'),
        h('p', {}, [rule.id, ...rule.tags, rule.author ?? '', rule.licence ?? ''].filter(Boolean).map(visible).join(' · ')),
      ),
      h(
        'section',
        {},
        h('h3', {}, 'Text'),
        h(
          'pre',
          { class: 'json rule-text', tabindex: 0, 'aria-label': 'text of the rule' },
          h(
            'code',
            {},
            text.split('\n').map((line) => `${visible(line)}\n`),
          ),
        ),
      ),
    ];
  }

  async #backtest(id: string, button: HTMLButtonElement, place: HTMLElement, signal: AbortSignal): Promise<void> {
    button.disabled = true;
    fill(place, waiting('Reading the log; a large one takes minutes'));
    try {
      fill(place, backtestResult(await this.#app.api.get<RuleBacktest>(`rules/${encodeURIComponent(id)}/backtest`, {}, signal)));
    } catch (error) {
      if (!isAbort(error)) fill(place, failureNote(error));
    }
    button.disabled = false;
  }
}

function backtestResult({
  events,
  first,
  last,
  findings,
  rolledUp,
  byHour,
  topPrincipals,
  askedOfMasked,
}: RuleBacktest): HTMLElement {
  const hours = Object.entries(byHour);
  const most = Math.max(1, ...hours.map(([, number]) => number));
  const span =
    first === undefined || last === undefined ? '' : `, ${localText(Date.parse(first))} to ${localText(Date.parse(last))}`;
  return h(
    'section',
    { class: 'backtest' },
    h('h3', {}, 'Backtest'),
    h(
      'p',
      {},
      h('b', {}, many(findings, 'finding')),
      `, ${count(rolledUp)} with repeats rolled up, in ${many(events, 'event')}${span}.`,
    ),
    askedOfMasked &&
      h(
        'p',
        { class: 'none' },
        'The rule was not in force all that time; it was asked of masked events, so it may have missed what masks hide.',
      ),
    hours.length > 0 &&
      h(
        'table',
        { class: 'plain hours' },
        hours.map(([hour, number]) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, localText(Date.parse(`${hour}:00:00Z`))),
            h('td', { class: 'number' }, count(number)),
            h('td', {}, shareBar(number / most)),
          ),
        ),
      ),
    topPrincipals.length > 0 &&
      h(
        'ol',
        { class: 'reviews' },
        topPrincipals.map(({ principal, findings: own }) => h('li', {}, withMasks(principal), `: ${count(own)}`)),
      ),
  );
}

/** A bar for each day, the newest on the right. */
function dayBars(days: readonly number[]): HTMLElement {
  const most = Math.max(1, ...days);
  return h(
    'div',
    { class: 'days', role: 'img', 'aria-label': `At most ${most} a day, ${count(days.at(-1) ?? 0)} in the last` },
    days.map((number, i) => {
      const bar = h('i', { title: `${many(number, 'finding')}, ${days.length - i} days ago` });
      bar.style.height = `${Math.round((number / most) * 100)}%`;
      return bar;
    }),
  );
}
