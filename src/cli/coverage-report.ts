import { graver } from '../core/finding.ts';
import type { AuditPolicy } from '../detection/audit-policy.ts';
import type { Coverage, Hidden } from '../detection/policy-coverage.ts';
import { type RuleCoverage, ruleCoverage } from '../detection/rule-coverage.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { attackIds, attackOf } from '../findings/attack-tags.ts';
import { navigatorLayer } from '../findings/navigator-layer.ts';
import type { Output } from './output.ts';
import { severityWord } from './pretty-finding.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

export interface CoverageChoice {
  readonly set: RuleSet;
  readonly policy: AuditPolicy;
  readonly format: 'pretty' | 'json' | 'navigator';
  /** Name the requests of rules that see a part as well, and rules that see everything. */
  readonly all: boolean;
}

const states = ['blind', 'partly', 'sees', 'waits', 'open'] as const;
const shares: Readonly<Record<Coverage['state'], number>> = { sees: 1, partly: 0.5, blind: 0, waits: 0, open: 1 };
/** Resources named of one reason. */
const shownResources = 5;

/** Says what rules see under an audit policy. @returns how many of them are blind */
export async function reportCoverage(output: Output, { set, policy, format, all }: CoverageChoice): Promise<number> {
  const rows = ruleCoverage(set, policy).toSorted(
    (a, b) => graver(a.rule.severity, b.rule.severity) || (a.rule.name < b.rule.name ? -1 : 1),
  );
  if (format === 'json') await output.write(rows.map((row) => `${JSON.stringify(jsonOf(row))}\n`).join(''));
  else if (format === 'navigator') await output.line(JSON.stringify(layerOf(rows, policy.file), undefined, 2));
  else await output.write(pretty(rows, policy.file, all, output));
  return rows.filter(({ state }) => state === 'blind').length;
}

function jsonOf({ rule, state, requests, hidden, why, clausesNeed, through }: RuleCoverage): unknown {
  return {
    rule: { id: rule.id, name: rule.name, severity: rule.severity },
    state,
    requests,
    hidden,
    why,
    ...(clausesNeed && { clausesNeed }),
    ...(through.length > 0 && { through }),
    ...attackIds(rule.tags),
  };
}

function layerOf(rows: readonly RuleCoverage[], file: string): unknown {
  const scores = rows.map(({ rule, state }) => ({ name: rule.name, tags: rule.tags, share: shares[state] }));
  return navigatorLayer('Auditveil: what rules see', `Detection rules under the audit policy ${file}`, scores);
}

function pretty(rows: readonly RuleCoverage[], file: string, all: boolean, { columns, colour }: Output): string {
  const count = (state: Coverage['state']): number => rows.filter((row) => row.state === state).length;
  const tactics = new Map<string, RuleCoverage[]>();
  for (const row of rows)
    for (const { name } of attackOf(row.rule.tags).tactics) tactics.set(name, [...(tactics.get(name) ?? []), row]);
  const byTactic = [...tactics].map(([name, own]) => [
    name,
    ...states.slice(0, 4).map((state) => String(own.filter((row) => row.state === state).length)),
  ]);
  const parts = [
    `${file}: of ${rows.length} rules ${count('sees')} see all they ask about, ${count('partly')} a part of it, ${count('blind')} nothing; ${count('waits')} wait for a list of yours.`,
    table([['TACTIC', 'BLIND', 'PARTLY', 'SEES', 'WAITS'], ...byTactic], columns),
    ...section('Blind: nothing that they could find is logged', rows, 'blind', { all: true, columns, colour }),
    ...section('Partly: some of what they could find is hidden', rows, 'partly', { all, columns, colour }),
    ...(all ? section('See all they ask about', rows, 'sees', { all, columns, colour }) : []),
    ...section('Wait for a list of yours (--lists), whatever the policy', rows, 'waits', { all: false, columns, colour }),
    ...section('About nothing that Kubernetes serves: give them matching examples', rows, 'open', {
      all: false,
      columns,
      colour,
    }),
  ];
  const more = all ? '' : '\n--all names the reasons of those that see a part, and those that see everything.\n';
  return `${parts.join('\n\n')}\n${more}`;
}

interface Style {
  readonly all: boolean;
  readonly columns: number;
  readonly colour: boolean;
}

function section(title: string, rows: readonly RuleCoverage[], state: Coverage['state'], style: Style): readonly string[] {
  const own = rows.filter((row) => row.state === state);
  if (own.length === 0) return [];
  return [[`${title} (${own.length})`, ...own.flatMap((row) => linesOf(row, style))].join('\n')];
}

function linesOf({ rule, requests, hidden, why, clausesNeed }: RuleCoverage, { all, columns, colour }: Style): readonly string[] {
  const share = hidden > 0 && requests > hidden ? ` (${hidden} of ${requests} requests hidden)` : '';
  const head = `  ${severityWord(rule.severity, colour)} ${rule.name}${share}`;
  const clauses =
    clausesNeed === undefined ? [] : [`some clauses read a body that is not logged; they need ${clausesNeed} and never hold`];
  return [head, ...(all ? [...why.map(reasonOf), ...clauses].flatMap((text) => wrap(text, columns, '         ')) : [])];
}

function reasonOf({ reason, line, level, needs, stages, only, requests }: Hidden): string {
  const what = requestsInWords(requests);
  const who = only.length === 0 ? '' : ` for ${only.join('; ')}`;
  if (line === 0) return `no rule of the policy logs${who}: ${what}`;
  if (reason === 'none') return `line ${line} does not log${who}: ${what}`;
  if (reason === 'body') return `line ${line} logs ${level}, needs ${needs}${who}: ${what}`;
  return `line ${line} leaves out ${stages.join(', ')}${who}: ${what}`;
}

/** `pods (create, update), pods/exec (get) and 3 more`. */
function requestsInWords(requests: readonly string[]): string {
  const byResource = new Map<string, string[]>();
  for (const request of requests) {
    const at = request.indexOf(' ');
    const resource = request.slice(at + 1);
    byResource.set(resource, [...(byResource.get(resource) ?? []), request.slice(0, at)]);
  }
  const named = [...byResource].slice(0, shownResources).map(([resource, verbs]) => `${resource} (${verbs.join(', ')})`);
  const more = byResource.size > shownResources ? ` and ${byResource.size - shownResources} more` : '';
  return named.join(', ') + more;
}
