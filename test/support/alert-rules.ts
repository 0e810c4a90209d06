import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './source-files.ts';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export const alertsFile = path.join(root, 'deploy/prometheus/alerts.yaml');

/** The alerts as they are shipped. */
export const alertRules = (): readonly AlertRule[] =>
  (
    parse(readFileSync(alertsFile, 'utf8')) as { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] }
  ).groups.flatMap(({ rules }) => rules);
