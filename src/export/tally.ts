import type { Finding } from '../core/finding.ts';
import { type MaskedRecord, recordFlags } from '../core/record.ts';
import { builtinRules } from '../findings/builtin.ts';
import { DayTally } from './day-tally.ts';
import type { Manifest } from './manifest.ts';
import { isAccess, isReview, type NoteRow } from './note-tables.ts';

/** Rules whose findings say that something is missing. */
const gapRules: ReadonlySet<string> = new Set(
  [builtinRules.logGap, builtinRules.logLoss, builtinRules.sourceSilent, builtinRules.readerBehind].map(({ id }) => id),
);

/** Gaps that a manifest lists; what is beyond is in the findings all the same. */
const listedGaps = 1_000;

/** Adds up what an export holds. */
export class Tally {
  #read = 0;
  readonly #events = { exported: 0, stubs: 0, truncated: 0, derived: 0 };
  #findings = 0;
  #notes = 0;
  #reviews = 0;
  #accesses = 0;
  readonly #days = new DayTally();
  readonly #severities = new Map<string, number>();
  readonly #masked = new Map<string, number>();
  readonly #clusters = new Set<string>();
  readonly #policies = new Set<string>();
  readonly #epochs = new Set<string>();
  readonly #rules = new Set<string>();
  readonly #plans = new Set<unknown>();
  readonly #byRule = new Map<string, { readonly name: string; readonly severity: string; findings: number }>();
  readonly #gaps: Manifest['gaps'][number][] = [];
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;

  event(record: MaskedRecord): void {
    const { flags, receivedAtUs, context } = record;
    this.#read++;
    this.#events.exported++;
    if (flags & recordFlags.stub) this.#events.stubs++;
    if (flags & recordFlags.truncated) this.#events.truncated++;
    if (flags & recordFlags.derived) this.#events.derived++;
    this.#firstUs = Math.min(this.#firstUs, receivedAtUs);
    this.#lastUs = Math.max(this.#lastUs, receivedAtUs);
    this.#days.event(receivedAtUs, (flags & recordFlags.stub) !== 0, record.plan);
    for (const { kind, count } of record.masks) add(this.#masked, kind, count);
    if (context) this.#context(context, record);
  }

  #context(context: NonNullable<MaskedRecord['context']>, record: MaskedRecord): void {
    this.#clusters.add(context.cluster);
    const { id, version, digest } = context.policy;
    this.#policies.add(`${id}${version === undefined ? '' : ` ${version}`} ${digest}`);
    if (context.key !== undefined) this.#epochs.add(context.key);
    const { plan } = record;
    if (plan === undefined || this.#plans.has(plan)) return;
    this.#plans.add(plan);
    for (const rule of plan.rules) this.#rules.add(rule);
  }

  finding({ id, time, rule, cluster, evidence }: Finding, receivedAtUs: number): void {
    this.#read++;
    this.#findings++;
    this.#clusters.add(cluster);
    add(this.#severities, rule.severity, 1);
    const counted = this.#byRule.get(rule.id);
    if (counted) counted.findings++;
    else this.#byRule.set(rule.id, { name: rule.name, severity: rule.severity, findings: 1 });
    this.#days.finding(receivedAtUs, rule.severity);
    if (gapRules.has(rule.id) && this.#gaps.length < listedGaps)
      this.#gaps.push({ finding: id, time, rule: rule.id, cause: causeOf(evidence) });
  }

  note(row: NoteRow | undefined, receivedAtUs: number): void {
    this.#read++;
    this.#notes++;
    if (!row) return;
    if (isAccess(row)) this.#accesses++;
    if (!isReview(row)) return;
    this.#reviews++;
    this.#days.review(receivedAtUs);
  }

  get counts(): Manifest['counts'] {
    const { exported, stubs, truncated, derived } = this.#events;
    return {
      ...{ recordsRead: this.#read, eventsExported: exported, findingsExported: this.#findings, notesExported: this.#notes },
      ...{ reviews: this.#reviews, accesses: this.#accesses },
      ...{ stubs, truncated, derived },
      findingsBySeverity: Object.fromEntries(this.#severities),
      valuesMasked: Object.fromEntries(this.#masked),
    };
  }

  get #ruleCounts(): Manifest['findingsByRule'] {
    return [...this.#byRule].map(([rule, counts]) => ({ rule, ...counts })).sort((a, b) => b.findings - a.findings);
  }

  get facts(): Pick<
    Manifest,
    'clusters' | 'policies' | 'keyEpochs' | 'rules' | 'findingsByRule' | 'gaps' | 'days' | 'firstReceived' | 'lastReceived'
  > {
    const sorted = (set: ReadonlySet<string>): readonly string[] => [...set].sort();
    return {
      ...{ clusters: sorted(this.#clusters), policies: sorted(this.#policies), keyEpochs: sorted(this.#epochs) },
      ...{ rules: sorted(this.#rules), findingsByRule: this.#ruleCounts, gaps: this.#gaps, days: this.#days.days },
      ...(this.#events.exported > 0 && { firstReceived: timeOf(this.#firstUs), lastReceived: timeOf(this.#lastUs) }),
    };
  }
}

/** `gap.kind=removed, gap.file=…`: all that the finding knows, but what to do about it. */
function causeOf(evidence: Finding['evidence']): string {
  const known = Object.entries(evidence).filter(([name]) => !name.endsWith('.remedy'));
  return known.map(([name, values]) => `${name}=${values.join(' ')}`).join(', ');
}

const timeOf = (us: number): string => new Date(us / 1000).toISOString();

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
