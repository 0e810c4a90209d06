import type { Machine } from './machine.ts';
import type { Spread } from './measure.ts';

/** One row of the table, and of the baseline file. */
export interface Row {
  readonly name: string;
  readonly unit: 'MB/CPU-s' | 'ms' | 'CPU-ms' | 'MB' | 'events/CPU-s' | 'x';
  readonly spread: Spread;
  /** Median relative to the yardstick of the same run. */
  readonly ratio?: number;
  readonly eventsPerCpuSecond?: number;
  readonly rssMegabytes?: number;
}

export interface Report {
  readonly machine: Machine;
  readonly megabytes: number;
  readonly rounds: number;
  readonly rows: readonly Row[];
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1));
const optional = (value: number | undefined, show: (value: number) => string): string => (value === undefined ? '' : show(value));

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return rows.map(line).join('\n');
}

/** The change of a row against the baseline. Medians of different days are compared as ratios to the yardstick where there is one. */
function changeOf(row: Row, baseline: Report | undefined): string {
  const before = baseline?.rows.find((other) => other.name === row.name);
  if (!before) return '';
  const [now, then] =
    row.ratio !== undefined && before.ratio !== undefined ? [row.ratio, before.ratio] : [row.spread.median, before.spread.median];
  const percent = (now / then - 1) * 100;
  return `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %`;
}

export function formatReport(report: Report, baseline: Report | undefined): string {
  const { machine } = report;
  const head = [
    'case',
    'median',
    'unit',
    'lowest',
    'highest',
    '/ parse',
    'events/CPU-s',
    'RSS MB',
    ...(baseline ? ['change'] : []),
  ];
  const body = report.rows.map((row) => [
    row.name,
    digits(row.spread.median),
    row.unit,
    digits(row.spread.low),
    digits(row.spread.high),
    optional(row.ratio, (value) => value.toFixed(3)),
    optional(row.eventsPerCpuSecond, (value) => value.toFixed(0)),
    optional(row.rssMegabytes, (value) => value.toFixed(0)),
    ...(baseline ? [changeOf(row, baseline)] : []),
  ]);
  const about = `${machine.cpu} × ${machine.cpus}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, commit ${machine.commit}`;
  const method = `${report.megabytes} MB of generated audit log, ${report.rounds} interleaved rounds, each run in a fresh process`;
  const against = baseline
    ? `\nchange: against the baseline of commit ${baseline.machine.commit}, as a ratio to parse where the case has one`
    : '';
  return `${table([head, ...body])}\n\n${about}\n${method}${against}\n`;
}
