import { graver, type Severity } from '../../src/core/finding.ts';
import type { RuleSummary } from '../../src/web/api.ts';
import { h } from '../lib/dom.ts';
import { count } from '../lib/numbers.ts';
import { severityBadge } from '../lib/severity.ts';
import { timeNode } from '../lib/times.ts';
import { visible } from '../lib/visible.ts';

export interface RuleChoice {
  readonly text: string;
  readonly severity: Severity | undefined;
  /** Only those that found something. */
  readonly withFindings: boolean;
}

/** Rules that are meant, those with findings first, then by severity and name. */
export function chosenRules(rules: readonly RuleSummary[], { text, severity, withFindings }: RuleChoice): readonly RuleSummary[] {
  const wanted = text.toLowerCase();
  return rules
    .filter(({ rule, findings }) => {
      const words = [rule.name, rule.id, ...rule.tags].join('\n').toLowerCase();
      return words.includes(wanted) && (severity === undefined || rule.severity === severity) && (!withFindings || findings > 0);
    })
    .toSorted(
      (a, b) =>
        Number(b.findings > 0) - Number(a.findings > 0) ||
        graver(a.rule.severity, b.rule.severity) ||
        a.rule.name.localeCompare(b.rule.name),
    );
}

/** Rules as a table; the name leads to the rule. */
export function ruleTable(rules: readonly RuleSummary[], chosen: string | undefined): HTMLElement {
  const heads: readonly (readonly [string, string])[] = [
    ['Severity', ''],
    ['Rule', ''],
    ['ATT&CK', 'techniques'],
    ['Findings', 'number'],
    ['Last', 'last'],
  ];
  return h(
    'table',
    { class: 'plain rules' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        heads.map(([name, className]) => h('th', { scope: 'col', class: className }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      rules.map((item) => ruleRow(item, item.rule.id === chosen)),
    ),
  );
}

function ruleRow({ rule, findings, last }: RuleSummary, isChosen: boolean): HTMLElement {
  const techniques = rule.tags.filter((tag) => /^attack\.t\d/.test(tag)).map((tag) => tag.slice('attack.'.length).toUpperCase());
  return h(
    'tr',
    { 'aria-current': isChosen && 'true' },
    h('td', {}, severityBadge(rule.severity)),
    h('th', { scope: 'row' }, h('a', { href: `#/rules/${encodeURIComponent(rule.id)}` }, visible(rule.name))),
    h('td', { class: 'techniques' }, visible(techniques.join(' '))),
    h(
      'td',
      { class: 'number' },
      findings > 0 && h('a', { href: `#/findings?${new URLSearchParams({ rule: rule.id })}` }, count(findings)),
    ),
    h('td', { class: 'last' }, last !== undefined && timeNode(last)),
  );
}
