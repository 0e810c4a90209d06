import type { Finding } from '../core/finding.ts';
import type { MaskedRecord } from '../core/record.ts';
import { SipHash } from '../crypto/siphash.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { AuditIdWatch } from '../findings/audit-id-watch.ts';
import { builtinRules, noteworthyFlags } from '../findings/builtin.ts';
import { ExceptionGate } from '../findings/exception-gate.ts';
import { createFindingMaker, episodeView, findingOf } from '../findings/finding-of.ts';
import { createSuppression, type Suppression } from '../findings/suppression.ts';
import type { CorrelatorOptions } from '../state/correlation-state.ts';
import { type Correlator, type CorrelatorSnapshot, type CorrelatorStats, createCorrelator } from '../state/correlator.ts';
import { createWatermark, type Watermark } from '../state/watermark.ts';

export interface FindingStageOptions {
  readonly rules: RuleSet;
  /** Keyed hash of a text, in hex. */
  readonly identify: (text: string) => string;
  readonly latenessMs?: number;
  /** Repeats are rolled up: `first` shows the first at once and the number later, `last` shows each roll when it is over. */
  readonly suppress?: 'first' | 'last';
  /** Of the rules that match an event only the first reports. */
  readonly firstMatch?: boolean;
  readonly snapshot?: CorrelatorSnapshot | undefined;
}

/** Masked records in, findings out: of single events at once, of several as soon as their condition holds. */
export class FindingStage {
  readonly #auditIds: AuditIdWatch;
  readonly #make: ReturnType<typeof createFindingMaker>;
  readonly #gate: ExceptionGate | undefined;
  readonly #correlator: Correlator<MaskedRecord>;
  readonly #watermark: Watermark;
  readonly #suppression: Suppression | undefined;
  readonly #identify: FindingStageOptions['identify'];

  constructor(options: FindingStageOptions) {
    const { rules, identify, latenessMs, suppress, firstMatch, snapshot } = options;
    this.#identify = identify;
    const key = Buffer.alloc(16);
    key.write(identify('audit IDs'), 'latin1');
    this.#auditIds = new AuditIdWatch(new SipHash(key));
    this.#make = createFindingMaker(rules, firstMatch);
    this.#gate = rules.exceptions?.length ? new ExceptionGate(rules.exceptions, rules, identify) : undefined;
    const view: CorrelatorOptions<MaskedRecord>['view'] = (record, correlation) => ({
      ...episodeView(record, correlation),
      origin: this.#correlator.originOf(record),
    });
    this.#correlator = createCorrelator(rules, { identify, view }, snapshot);
    this.#watermark = createWatermark(latenessMs === undefined ? {} : { latenessMs });
    this.#suppression = suppress === undefined ? undefined : createSuppression({ show: suppress });
  }

  /** `index`: 0-based number of the event in its input, where it has an order. */
  push(original: MaskedRecord, index?: number): readonly Finding[] {
    if (isQuiet(original)) return this.#auditIds.isReused(original) ? this.#shown([this.#reuse(original, index)]) : none;
    const { record, expired } = this.#gate?.apply(original) ?? { record: original, expired: [] };
    const made = this.#make(record, { identify: this.#identify, ...(index === undefined ? {} : { index }) });
    const origin = made.length > 0 && record.stateKeys.length > 0 ? this.#correlator.originOf(record) : undefined;
    const single = origin ? made.map((finding) => ({ ...finding, origin })) : made;
    const several = record.stateKeys.length > 0 ? this.#correlator.push(record) : [];
    const reused = this.#auditIds.isReused(original) ? [this.#reuse(original, index)] : none;
    const all = [...expired, ...single, ...reused, ...several];
    return all.length === 0 ? [] : this.#shown(all);
  }

  /** Matches that exceptions have hidden, by id of the rule. */
  hidden(): ReadonlyMap<string, number> {
    return this.#gate?.hidden ?? new Map();
  }

  /** Tells how far event time has come for a source. Microseconds since the epoch. */
  observe(source: string, eventTimeUs: number, receivedAtUs: number): void {
    this.#watermark.observe(source, eventTimeUs, receivedAtUs);
  }

  /** Closes windows that nothing can change any more. */
  advance(nowUs: number): readonly Finding[] {
    const reachedUs = this.#watermark.currentUs(nowUs);
    if (!Number.isFinite(reachedUs)) return [];
    const closed = this.#shown(this.#correlator.advance(reachedUs));
    const rolled = this.#suppression?.advance(reachedUs / 1000) ?? [];
    return [...closed, ...rolled];
  }

  /** The end of the input: everything open is closed. */
  close(): readonly Finding[] {
    const last = this.#shown(this.#correlator.close());
    return [...last, ...(this.#suppression?.close() ?? [])];
  }

  stats(): CorrelatorStats {
    return this.#correlator.stats();
  }

  snapshot(): CorrelatorSnapshot {
    return this.#correlator.snapshot();
  }

  #reuse(record: MaskedRecord, index?: number): Finding {
    return findingOf(record, builtinRules.auditIdReused, [], {
      identify: this.#identify,
      ...(index === undefined ? {} : { index }),
    });
  }

  #shown(findings: readonly Finding[]): readonly Finding[] {
    const suppression = this.#suppression;
    return suppression ? findings.flatMap((finding) => suppression.offer(finding)) : findings;
  }
}

/** Nothing but its audit ID can make a finding of it: so it is with most records. */
function isQuiet({ flags, matches, stateKeys }: MaskedRecord): boolean {
  return (flags & noteworthyFlags) === 0 && matches.length === 0 && stateKeys.length === 0;
}

const none: readonly Finding[] = [];
