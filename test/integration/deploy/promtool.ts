import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { alertsFile } from '../../support/alert-rules.ts';
import type { AlertCase } from './alert-cases.ts';

export interface PromtoolAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** Runs PROMTOOL (`test/servers/prometheus.sh` prints it). */
function promtool(...args: readonly string[]): PromtoolAnswer {
  const program = process.env['PROMTOOL'];
  if (program === undefined) throw new Error('PROMTOOL is not set: run test/servers/prometheus.sh');
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  return { ok: status === 0, text: `${stdout}${stderr}` };
}

export const checkRules = (): PromtoolAnswer => promtool('check', 'rules', alertsFile);

/** Has promtool run an hour of each case; what fires is read from the series ALERTS. */
export function testAlerts(cases: readonly AlertCase[], folder: string): PromtoolAnswer {
  const test = (alert: string, series: Readonly<Record<string, string>>, count: number): object => ({
    name: `${alert} ${count > 0 ? 'fires' : 'is quiet'}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(max_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[1h]))`,
        eval_time: '59m',
        exp_samples: count > 0 ? [{ labels: '{}', value: count }] : [],
      },
    ],
  });
  const file = path.join(folder, 'alerts.test.yaml');
  const tests = cases.flatMap(({ alert, fires, quiet }) => [test(alert, fires, 1), test(alert, quiet, 0)]);
  writeFileSync(file, stringify({ rule_files: [alertsFile], evaluation_interval: '1m', tests }));
  return promtool('test', 'rules', file);
}
