import { InvalidArgumentError, Option } from 'commander';
import { findingFormats } from '../core/finding.ts';

/** Options that several commands share, defined once. */
export const policies = ['secrets-only', 'standard', 'strict'] as const;
export const profiles = ['default', 'paranoid', 'hunting'] as const;

export function policyOption(): Option {
  return new Option(
    '--policy <policy|file>',
    'what is masked: secrets-only, standard (also personal data and addresses), strict (also texts in bodies), or a policy file of your own (docs/policies.md)',
  )
    .argParser(parsePolicy)
    .default('standard');
}

/** A built-in policy, or something that can only be a file. */
export function parsePolicy(value: string): string {
  if ((policies as readonly string[]).includes(value) || /[./\\]/.test(value)) return value;
  throw new InvalidArgumentError(`Allowed choices are ${policies.join(', ')}, or the path of a policy file.`);
}

export function packOption(): Option {
  return repeatable(
    new Option(
      '--pack <file|folder>',
      'own mask packs (YAML, or a gitleaks TOML file) besides the shipped ones; may be given several times',
    ),
  );
}

export function enableOption(): Option {
  return new Option('--enable <kind,…|all>', 'mask kinds that are off by default (see `auditveil masks list`)')
    .argParser((value: string, before: readonly string[]) => [
      ...before,
      ...value
        .split(',')
        .map((kind) => kind.trim())
        .filter(Boolean),
    ])
    .default([], 'none');
}

export function keyOption(): Option {
  return new Option('--key <file>', 'key file (default: the one in your state folder, made the first time)');
}

export function profileOption(): Option {
  return new Option('--profile <profile>', 'which shipped rules run, from quiet to all').choices(profiles).default('default');
}

export function rulesOption(): Option {
  return repeatable(new Option('--rules <file|folder>', 'own rules instead of the shipped ones; may be given several times'));
}

export function listsOption(): Option {
  return repeatable(
    new Option(
      '--lists <file|folder>',
      'lists of your own that rules ask for: addresses, users, images, namespaces (docs/rules.md); may be given several times',
    ),
  );
}

/** Whether one rule hides others. */
export function matchOptions(): readonly [all: Option, first: Option] {
  return [
    new Option('--all-matches', 'report every rule that matches an event (the default)').conflicts('firstMatch'),
    new Option('--first-match', 'report only the first rule that matches an event, in the order of the rule files'),
  ];
}

export function workersOption(): Option {
  return new Option('--workers <n>', 'threads that mask; `auto` for one for each processor, each takes about 150 MB')
    .default(1)
    .argParser(parseWorkers);
}

function parseWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (!/^[1-9]\d?$/.test(text) || Number(text) > 64) throw new InvalidArgumentError('Write auto, or a number from 1 to 64.');
  return Number(text);
}

export function webOption(): Option {
  return new Option(
    '--web [address:port]',
    'serve the page and its API there, and print a link that logs you in once (default: 127.0.0.1:8090; docs/web.md)',
  );
}

export function formatOption(): Option {
  return new Option(
    '-o, --output <format>',
    'shape of findings, one JSON line each: our own, OCSF 1.8, Falco, Elastic Common Schema',
  )
    .choices(findingFormats)
    .default('native');
}

export function falcoCompatOption(): Option {
  return new Option(
    '--falco-compat',
    'read the fields of Falco rules exactly as Falco does, its mistakes included (docs/rules-falco.md)',
  );
}

export function exceptionsOption(): Option {
  return repeatable(
    new Option('--exceptions <file|folder>', 'events that rules need not report (docs/findings.md); may be given several times'),
  );
}

/** An option that may be given several times. */
export function repeatable(option: Option): Option {
  return option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}

/** `30s`, `15m`, `2h`, `7d`, or an RFC 3339 time. @returns milliseconds since the epoch */
export function parseSince(text: string, nowMs: number): number {
  const timeMs = parseTimeMs(text, nowMs, -1);
  if (timeMs === undefined) throw new InvalidArgumentError('Write 30s, 15m, 2h, 7d, or a time such as 2026-05-04T09:00:00Z.');
  return timeMs;
}

/**
 * A duration from now on (`sign` 1) or back (-1), or an RFC 3339 time, as milliseconds since the epoch; undefined where the
 * text is neither.
 */
export function parseTimeMs(text: string, nowMs: number, sign: 1 | -1): number | undefined {
  const durationMs = durationOf(text);
  const timeMs = durationMs === undefined ? Date.parse(text) : nowMs + sign * durationMs;
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** `30s`, `15m`, `2h`, `7d`, as milliseconds. */
export function parseDurationMs(text: string): number {
  const durationMs = durationOf(text);
  if (durationMs === undefined) throw new InvalidArgumentError('Write 30s, 15m, 2h or 7d.');
  return durationMs;
}

/** `30s`, `15m`, `2h`, `7d`, as milliseconds; undefined for anything else. */
export function durationOf(text: string): number | undefined {
  const parts = /^(\d{1,9})(s|m|h|d)$/.exec(text);
  if (!parts) return undefined;
  return Number(parts[1]) * { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[parts[2] as 's' | 'm' | 'h' | 'd'];
}
