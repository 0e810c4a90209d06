import type { SourceConfig } from '../config/schema.ts';
import { shorten } from './printable.ts';
import { refusalText } from './refusals.ts';

/** What can be seen of a source that has given nothing yet. */
export interface SourceSight {
  readonly source: SourceConfig;
  /** Of a file: how many match, and why they cannot be read. */
  readonly files?: { readonly count: number; readonly problem: string | undefined };
  /** Of a receiver: who was turned away, and how often. */
  readonly refusals: readonly { readonly reason: string; readonly count: number }[];
  /** Open connections of a receiver. */
  readonly connections?: number;
}

/** The screen of an agent that has seen no event yet: what it waits for, and what keeps it from coming. */
export function waitingLines(sights: readonly SourceSight[], waitedMs: number, columns: number): readonly string[] {
  const lines = [`waiting for the first event · ${clock(waitedMs)}`];
  for (const sight of sights) lines.push(...sightLines(sight));
  return lines.map((line) => shorten(line, columns - 1));
}

function sightLines({ source, files, refusals, connections = 0 }: SourceSight): readonly string[] {
  if (source.type === 'stdin') return [`  ${source.name}: nothing on standard input yet`];
  if (source.type === 'file') return fileLines(source.name, source.path, files);
  const scheme = source.tls === undefined ? 'http' : 'https';
  const state =
    refusals.length > 0
      ? 'somebody came and was turned away'
      : connections > 0
        ? 'somebody is connected, no batch yet'
        : 'nobody has connected yet';
  const lines = [`  ${source.name}: ${scheme}://${source.listen}${source.path}: ${state}`];
  for (const { reason, count } of refusals) {
    const { what, remedy } = refusalText(reason);
    lines.push(`    ${count} × ${what}`, `        → ${remedy}`);
  }
  if (refusals.length === 0)
    lines.push('    → kube-apiserver sends within 30 s of its start with the flags that `auditveil init` prints');
  return lines;
}

function fileLines(name: string, path: string, files: SourceSight['files']): readonly string[] {
  if (files?.problem !== undefined)
    return [`  ${name}: ${files.problem}: ${path}`, '    → auditveil doctor says how this user gets to read it'];
  if ((files?.count ?? 0) === 0)
    return [
      `  ${name}: not there yet: ${path}`,
      '    → kube-apiserver makes it with its first event: --audit-log-path, --audit-policy-file',
    ];
  return [
    `  ${name}: nothing new in ${path}`,
    '    → what was read before does not come again; kube-apiserver writes as soon as somebody asks it',
  ];
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
