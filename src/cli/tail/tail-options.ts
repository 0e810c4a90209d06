import { InvalidArgumentError } from 'commander';
import type { Finding, FindingFormat, Severity } from '../../core/finding.ts';
import { compileTemplate } from './template.ts';

/** What `auditveil tail` was asked for. */
export interface TailOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly key?: string;
  readonly metrics?: string;
  readonly server?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly events?: boolean;
  readonly output?: OutputShape;
  readonly plain?: boolean;
  readonly since?: number;
  readonly severity: Severity;
  readonly rule?: readonly string[];
  readonly namespace?: readonly string[];
  readonly humans?: boolean;
  readonly user?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly highlight?: readonly string[];
  readonly limit?: number;
  readonly tail?: number;
  readonly failOn?: Severity;
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii?: boolean;
  readonly utc?: boolean;
  readonly timezone?: string;
  readonly follow: boolean;
}

export const formats = ['compact', 'pretty', 'json', 'ocsf', 'falco', 'ecs'] as const;

export type OutputShape =
  | { readonly name: 'compact' | 'pretty' }
  | { readonly name: 'json' | Exclude<FindingFormat, 'native'> }
  | { readonly name: 'template'; readonly render: (finding: Finding) => string };

/** @throws InvalidArgumentError, Fault E_USAGE_TEMPLATE */
export function parseOutput(text: string): OutputShape {
  if (text.startsWith('template=')) return { name: 'template', render: compileTemplate(text.slice('template='.length)) };
  const name = formats.find((format) => format === text);
  if (name === undefined) throw new InvalidArgumentError(`Allowed choices are ${formats.join(', ')}, template=….`);
  return { name };
}

export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}
