import type { RuleCosts } from '../core/extracts.ts';
import { graver, type RuleInfo } from '../core/finding.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { attackIds } from '../findings/attack-tags.ts';
import type { RuleFindings } from '../findings/backtest.ts';
import { plainJson } from '../findings/plain-json.ts';
import type { Output } from './output.ts';
import { severityWord } from './pretty-finding.ts';
import { table } from './table.ts';

/** What rules found in a log and what they cost. */
export interface BacktestResult {
  readonly events: number;
  readonly stubs: number;
  /** Event time of the first and the last event, microseconds; not finite where there is none. */
  readonly firstUs: number;
  readonly lastUs: number;
  readonly found: readonly RuleFindings[];
  /** Matches that exceptions hid, by id of the rule. */
  readonly hidden: ReadonlyMap<string, number>;
  readonly costs: RuleCosts | undefined;
  /** Rules that were asked of masked events, because the log was kept before they were in force. */
  readonly askedOfMasked: ReadonlySet<string>;
  readonly set: RuleSet;
}

export interface BacktestStyle {
  /** Principals named of each rule. */
  readonly top: number;
  /** Also rules that found nothing. */
  readonly all: boolean;
}

interface Row {
  readonly rule: RuleInfo;
  readonly found: RuleFindings | undefined;
  /** Of all tests that rules asked of events. Correlations ask none. */
  readonly share: number | undefined;
  readonly looks: number;
  readonly tests: number;
  readonly silent: boolean;
}

function rowsOf({ set, found, costs }: BacktestResult): readonly Row[] {
  const byId = new Map(found.map((entry) => [entry.rule.id, entry]));
  const total = costs?.tests.reduce((sum, tests) => sum + tests, 0) ?? 0;
  const single = set.rules.map(({ rule: { info }, silent }, number): Row => {
    const [looks = 0, tests = 0] = [costs?.looks[number], costs?.tests[number]];
    const share = costs && (total === 0 ? 0 : tests / total);
    return { rule: info, found: byId.get(info.id), share, looks, tests, silent };
  });
  const free = { share: undefined, looks: 0, tests: 0, silent: false };
  const several = set.correlations.map(({ rule: { info }, silent }): Row => {
    return { ...free, rule: info, found: byId.get(info.id), silent };
  });
  const known = new Set([...single, ...several].map(({ rule }) => rule.id));
  const builtIn = found
    .filter(({ rule }) => !known.has(rule.id))
    .map((entry): Row => ({ ...free, rule: entry.rule, found: entry }));
  return [...single, ...several, ...builtIn].sort(
    (a, b) =>
      graver(a.rule.severity, b.rule.severity) ||
      (b.found?.findings ?? 0) - (a.found?.findings ?? 0) ||
      (a.rule.name < b.rule.name ? -1 : 1),
  );
}

/** One line for the whole, then one for each rule that could report. */
export function backtestJson(result: BacktestResult, { top, all }: BacktestStyle): string {
  const rows = rowsOf(result).filter(({ found }) => found !== undefined || all);
  const summary = { type: 'summary', ...totalsOf(result) };
  const lines = rows.map(({ rule: { id, name, severity, tags }, found, share, looks, tests, silent }) => {
    return {
      type: 'rule',
      rule: { id, name, severity },
      findings: found?.findings ?? 0,
      rolledUp: found?.rolledUp ?? 0,
      pairs: found?.principals.length ?? 0,
      hiddenByExceptions: result.hidden.get(id) ?? 0,
      ...(silent ? { onlyFeeds: true } : {}),
      askedOfMasked: result.askedOfMasked.has(id),
      ...(share === undefined ? {} : { cost: { shareOfTests: Number(share.toFixed(6)), tests, events: looks } }),
      byHour: Object.fromEntries(found?.byHour ?? []),
      topPrincipals: (found?.principals ?? []).slice(0, top).map(([principal, findings]) => ({ principal, findings })),
      ...attackIds(tags),
    };
  });
  return [summary, ...lines].map((line) => `${plainJson(line)}\n`).join('');
}

function totalsOf({ events, stubs, firstUs, lastUs, found, hidden, costs, set }: BacktestResult) {
  const grave = found.filter(({ rule }) => graver(rule.severity, 'medium') <= 0);
  const sum = (entries: readonly RuleFindings[], of: (entry: RuleFindings) => number): number =>
    entries.reduce((total, entry) => total + of(entry), 0);
  const time = (us: number): string | undefined => (Number.isFinite(us) ? new Date(us / 1000).toISOString() : undefined);
  const tests = costs?.tests.reduce((total, one) => total + one, 0);
  return {
    events,
    stubs,
    first: time(firstUs),
    last: time(lastUs),
    rules: set.infos.length,
    findings: sum(found, ({ findings }) => findings),
    rolledUp: sum(found, ({ rolledUp }) => rolledUp),
    mediumOrHigher: { findings: sum(grave, ({ findings }) => findings), rolledUp: sum(grave, ({ rolledUp }) => rolledUp) },
    pairs: sum(found, ({ principals }) => principals.length),
    hiddenByExceptions: [...hidden.values()].reduce((total, count) => total + count, 0),
    ...(tests === undefined ? {} : { testsPerEvent: Number((tests / Math.max(1, events)).toFixed(2)) }),
  };
}

const bars = '▁▂▃▄▅▆▇█';
/** Hours drawn of one rule. */
const drawnHours = 24;

/** Findings of each hour of the log as bars, the last hours where there are many; a dot where there was none. */
function drawing(byHour: RuleFindings['byHour'], { firstUs, lastUs }: BacktestResult): string {
  const hourMs = 3_600_000;
  const counts = new Map(byHour);
  const last = Math.floor(lastUs / 1000 / hourMs);
  const first = Math.max(Math.floor(firstUs / 1000 / hourMs), last - drawnHours + 1);
  const most = Math.max(...byHour.map(([, count]) => count));
  let text = '';
  for (let hour = first; hour <= last; hour++) {
    const count = counts.get(new Date(hour * hourMs).toISOString().slice(0, 13)) ?? 0;
    text += count === 0 ? '·' : (bars[Math.min(bars.length - 1, Math.floor((count / most) * bars.length))] ?? '·');
  }
  return text;
}

/** For people: totals, a table of rules, and who is in their findings. */
export function backtestTable(result: BacktestResult, { top, all }: BacktestStyle, { columns, colour }: Output): string {
  const totals = totalsOf(result);
  const rows = rowsOf(result).filter(({ found }) => found !== undefined || all);
  const range = totals.first === undefined ? '' : `, ${clock(totals.first)} to ${clock(totals.last ?? '')} UTC`;
  const head = [
    `${totals.events} events${range}; ${totals.rules} rules.`,
    `${totals.findings} findings, ${totals.rolledUp} when repeats are rolled up (medium or graver: ${totals.mediumOrHigher.findings}, rolled up ${totals.mediumOrHigher.rolledUp}); ${totals.pairs} distinct pairs of rule and principal.`,
    ...(totals.testsPerEvent === undefined ? [] : [`Rules ask ${totals.testsPerEvent} tests of an event.`]),
    ...(totals.hiddenByExceptions > 0 ? [`Exceptions hid ${totals.hiddenByExceptions} matches.`] : []),
  ];
  const lines = rows.map((row) => [
    severityWord(row.rule.severity, false),
    String(row.found?.findings ?? 0),
    String(row.found?.rolledUp ?? 0),
    String(row.found?.principals.length ?? 0),
    String(Math.max(0, ...(row.found?.byHour ?? []).map(([, count]) => count))),
    row.share === undefined ? '-' : `${(row.share * 100).toFixed(1)}%`,
    ...(Number.isFinite(result.firstUs) ? [row.found ? drawing(row.found.byHour, result) : ''] : []),
    `${row.rule.name}${row.silent ? ' (only feeds correlations)' : ''}${result.askedOfMasked.has(row.rule.id) ? ' *' : ''}`,
  ]);
  const titles = ['', 'FOUND', 'ROLLED', 'WHO', 'MAX/H', 'COST', ...(Number.isFinite(result.firstUs) ? ['BY HOUR'] : []), 'RULE'];
  const parts = [head.join('\n')];
  if (lines.length > 0) parts.push(coloured(table([titles, ...lines], columns), rows, colour));
  const pairs = pairsOf(rows, top);
  if (pairs.length > 0) parts.push(table([['FOUND', 'PRINCIPAL', 'RULE'], ...pairs], columns));
  if (rows.some(({ rule }) => result.askedOfMasked.has(rule.id)))
    parts.push(
      '* was not in force when the log was written: asked of masked events, where masked values compare with nothing else.',
    );
  if (!all) parts.push('--all also shows rules that found nothing, with what they cost.');
  return `${parts.join('\n\n')}\n`;
}

/** The words of severity in their colours: the first row is the title. */
function coloured(text: string, rows: readonly Row[], colour: boolean): string {
  if (!colour) return text;
  const lines = text.split('\n');
  return lines
    .map((line, i) => {
      const row = rows[i - 1];
      return row ? severityWord(row.rule.severity, true) + line.slice(4) : line;
    })
    .join('\n');
}

function pairsOf(rows: readonly Row[], top: number): readonly (readonly string[])[] {
  return rows
    .flatMap(({ rule, found }) =>
      (found?.principals ?? []).slice(0, top).map(([principal, count]) => ({ name: rule.name, principal, count })),
    )
    .sort((a, b) => b.count - a.count)
    .slice(0, top * 4)
    .map(({ name, principal, count }) => [String(count), principal, name]);
}

const clock = (time: string): string => time.slice(0, 16).replace('T', ' ');
