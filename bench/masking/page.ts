import type { Machine } from '../machine.ts';
import type { Score } from './score.ts';

export interface Row {
  readonly name: string;
  /** By masker, in the order of `maskers`. */
  readonly scores: readonly Score[];
}

export interface MaskingReport {
  readonly maskers: readonly { readonly name: string; readonly version: string }[];
  readonly machine: Machine;
  readonly command: string;
  readonly sources: readonly Row[];
  readonly kinds: readonly Row[];
  readonly places: readonly Row[];
  readonly harmless: readonly Row[];
}

const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const speed = (megabytes: number): string => megabytes.toFixed(megabytes >= 10 ? 0 : megabytes >= 1 ? 1 : 2);
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** docs/masking-benchmark.md. */
export function writePage(report: MaskingReport): string {
  const { maskers, machine, command } = report;
  return `# Masking benchmark

How many audit events are clean after masking, and how many harmless ones are changed. Written by \`${command}\`; do not edit.

${maskers.map(({ name, version }) => `- ${name} ${version}`).join('\n')}
- ${machine.cpus} × ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}, commit ${machine.commit}

**Recall**: events of which no planted secret is left, as it was or in another encoding (JSON, percent, base64 at any alignment, hex). **Changed**:
harmless events in which anything changed. Auditveil runs with its shipped packs and all kinds on, policy \`standard\`. gitleaks runs with its default rules
and decoders on the same file; it finds and does not mask, so whatever it reports is taken out of the line wherever it stands. It does not claim
personal data and addresses.

## By source

\`generated\` is made by this benchmark (\`bench/masking/\`): every kind at every place of a leak map of audit events, no two values the same.
The everyday log is that of the [speed benchmarks](benchmarks.md): most events hold no secret. The others are texts of the public tests
of other tools, each the value of a ConfigMap key; they are not part of this project and are left out where they are not at hand. The set called gitleaks
was made from its own tests: in files of their own its rules find nearly all of them, as one escaped line of an audit log they do not.

${sourcesTable(report)}

Speed is one pass over the source's events, in MB of input per second of CPU time of all threads: Auditveil in a warm process; gitleaks as a process, its start
included, which matters for small sources. Events of which every one holds a secret of its own are the slowest there are: the everyday log says more.

## By kind

Generated events.

${kindsTable(report)}

## By place

Generated events; personal data left out.

${placesTable(report)}

## Harmless events

Changed, of those generated of each kind.

${harmlessTable(report)}
`;
}

function sourcesTable({ maskers, sources }: MaskingReport): string {
  const head = [
    'source',
    'events',
    ...maskers.map(({ name }) => `recall, ${name}`),
    'harmless',
    ...maskers.map(({ name }) => `changed, ${name}`),
    ...maskers.map(({ name }) => `MB/s, ${name}`),
  ];
  const rows = sources.map(({ name, scores }) => [
    name,
    String(scores[0]?.positives ?? 0),
    ...scores.map(({ cleaned, positives }) => share(cleaned, positives)),
    String(scores[0]?.negatives ?? 0),
    ...scores.map(({ changed, negatives }) => (negatives === 0 ? '–' : String(changed))),
    ...scores.map(({ megabytesPerSecond }) => speed(megabytesPerSecond)),
  ]);
  return table(head, rows);
}

function kindsTable({ maskers, kinds }: MaskingReport): string {
  const head = ['kind', 'events', ...maskers.map(({ name }) => `recall, ${name}`), `MB/s, ${maskers[0]?.name ?? ''}`];
  const rows = kinds.map(({ name, scores }) => [
    `\`${name}\``,
    String(scores[0]?.positives ?? 0),
    ...scores.map(({ cleaned, positives }) => share(cleaned, positives)),
    speed(scores[0]?.megabytesPerSecond ?? 0),
  ]);
  return table(head, rows);
}

function placesTable({ maskers, places }: MaskingReport): string {
  const rows = places.map(({ name, scores }) => [
    name,
    String(scores[0]?.positives ?? 0),
    ...scores.map(({ cleaned, positives }) => share(cleaned, positives)),
  ]);
  return table(['place', 'events', ...maskers.map(({ name }) => `recall, ${name}`)], rows);
}

function harmlessTable({ maskers, harmless }: MaskingReport): string {
  const rows = harmless.map(({ name, scores }) => [
    name,
    String(scores[0]?.negatives ?? 0),
    ...scores.map(({ changed }) => String(changed)),
  ]);
  return table(['what', 'events', ...maskers.map(({ name }) => name)], rows);
}
