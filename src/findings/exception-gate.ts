import { changedRecord } from '../core/changed-record.ts';
import type { Finding, RuleInfo } from '../core/finding.ts';
import { formatTime } from '../core/format-time.ts';
import type { MaskedRecord } from '../core/record.ts';
import { type RuleException, rulesOfException } from '../detection/exceptions.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { builtinRules } from './builtin.ts';
import { findingOf } from './finding-of.ts';

/** What exceptions leave of a record. */
export interface Gated {
  /** The record without the matches that are excepted, and without what they add to correlations. */
  readonly record: MaskedRecord;
  /** Findings about exceptions that have expired: once for each, when it would have hidden something. */
  readonly expired: readonly Finding[];
}

interface Entry {
  readonly exception: RuleException;
  readonly ruleIds: readonly string[];
  told: boolean;
}

/** Applies exceptions to records. Every match that is hidden is counted. */
export class ExceptionGate {
  readonly #entries: ReadonlyMap<string, Entry>;
  /** By the number of a state: the correlation, then the rules that add to it. */
  readonly #feeders: readonly (readonly string[])[];
  readonly #identify: (text: string) => string;
  readonly #hidden = new Map<string, number>();

  constructor(exceptions: readonly RuleException[], set: RuleSet, identify: (text: string) => string) {
    const entries = exceptions.map((exception) => ({ exception, ruleIds: rulesOfException(exception, set), told: false }));
    this.#entries = new Map(entries.map((entry) => [entry.exception.matchId, entry]));
    this.#feeders = feedersOf(set);
    this.#identify = identify;
  }

  /** Matches hidden so far, by id of the rule. */
  get hidden(): ReadonlyMap<string, number> {
    return this.#hidden;
  }

  apply(record: MaskedRecord): Gated {
    const met = record.matches.flatMap((id) => this.#entries.get(id) ?? []);
    if (met.length === 0) return { record, expired: [] };
    const matches = record.matches.filter((id) => !this.#entries.has(id));
    const valid = met.filter(({ exception }) => record.eventTimeUs < exception.expiresUs);
    const excepted = new Set(valid.flatMap(({ ruleIds }) => ruleIds));
    const left = matches.filter((id) => !excepted.has(id));
    for (const id of matches) if (excepted.has(id)) this.#hidden.set(id, (this.#hidden.get(id) ?? 0) + 1);
    const counts = ({ correlation }: { readonly correlation: number }): boolean => {
      const [outer = '', ...rules] = this.#feeders[correlation] ?? [];
      return !excepted.has(outer) && (rules.length === 0 || rules.some((id) => left.includes(id)));
    };
    return {
      record: changedRecord(record, { matches: left, stateKeys: record.stateKeys.filter(counts) }),
      expired: met.filter((entry) => !valid.includes(entry)).flatMap((entry) => this.#tell(entry, record, matches)),
    };
  }

  #tell(entry: Entry, record: MaskedRecord, matches: readonly string[]): readonly Finding[] {
    const { exception, ruleIds } = entry;
    if (entry.told || !ruleIds.some((id) => matches.includes(id))) return [];
    entry.told = true;
    const rule: RuleInfo = builtinRules.expiredException;
    const finding = findingOf(record, rule, [], { identify: this.#identify });
    const evidence = {
      exception: [exception.rule],
      owner: [exception.owner],
      reason: [exception.reason],
      expired: [formatTime(exception.expiresUs)],
    };
    return [{ ...finding, id: this.#identify(`expired ${exception.matchId}`), evidence }];
  }
}

function feedersOf({ correlations, stateNames }: RuleSet): readonly (readonly string[])[] {
  const links = correlations.flatMap(({ links: to, leaves }) => to.map(({ name, outer }) => ({ name, outer, leaves })));
  return stateNames.map((name, i) => {
    const own = correlations[i];
    const link = links.find((candidate) => candidate.name === name);
    const outer = own ?? correlations[link?.outer ?? -1];
    return [outer?.rule.info.id ?? '', ...((own ?? link)?.leaves.flat() ?? [])];
  });
}
