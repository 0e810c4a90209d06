import { changedRecord } from '../core/changed-record.ts';
import { type MaskedRecord, type PlanDictionary, recordFlags } from '../core/record.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { matchEvent } from '../detection/run-examples.ts';

/** What today's rules have that a plan of records did not know. */
interface Newer {
  /** Ids of rules. */
  readonly rules: ReadonlySet<string>;
  /** By the number of a state in today's set its number in `plan`. */
  readonly states: ReadonlyMap<number, number>;
  readonly plan: PlanDictionary;
}

const unknownPlan: PlanDictionary = { type: 'plan', rules: [], correlations: [], kinds: [], actions: [] };

/**
 * Records of an events log as today's rules see them. What was matched on the raw event when it came is kept; rules and
 * correlations that were not in force then are asked of the masked event, where masked values compare with nothing else.
 */
export class StoredMatches {
  readonly #set: RuleSet;
  readonly #newer = new Map<PlanDictionary, Newer | undefined>();
  readonly #asked = new Set<string>();

  constructor(set: RuleSet) {
    this.#set = set;
  }

  /** Ids of rules and correlations that were asked of masked events so far. */
  get askedOfMasked(): ReadonlySet<string> {
    return this.#asked;
  }

  of(record: MaskedRecord): MaskedRecord {
    const newer = this.#newerThan(record.plan ?? unknownPlan);
    if (!newer || (record.flags & recordFlags.stub) !== 0) return record;
    const found = matchEvent(this.#set, JSON.parse(Buffer.from(record.payload).toString('utf8')));
    const ids = found.rules.map((number) => this.#set.rules[number]?.rule.info.id ?? '');
    const stateKeys = found.stateKeys.flatMap((key) => {
      const correlation = newer.states.get(key.correlation);
      return correlation === undefined ? [] : [{ ...key, correlation }];
    });
    return changedRecord(record, {
      plan: newer.plan,
      matches: [...record.matches, ...ids.filter((id) => newer.rules.has(id))],
      stateKeys: [...record.stateKeys, ...stateKeys],
    });
  }

  #newerThan(plan: PlanDictionary): Newer | undefined {
    if (this.#newer.has(plan)) return this.#newer.get(plan);
    const made = this.#compare(plan);
    this.#newer.set(plan, made);
    return made;
  }

  #compare(plan: PlanDictionary): Newer | undefined {
    const { rules, stateNames } = this.#set;
    const known = new Set(plan.rules);
    const newRules = rules.map(({ rule }) => rule.info.id).filter((id) => !known.has(id));
    const correlations = [...plan.correlations];
    const states = new Map<number, number>();
    for (const [number, name] of stateNames.entries())
      if (!plan.correlations.includes(name)) states.set(number, correlations.push(name) - 1);
    for (const id of [...newRules, ...correlations.slice(plan.correlations.length)]) this.#asked.add(id);
    if (newRules.length + states.size === 0) return undefined;
    return { rules: new Set(newRules), states, plan: { ...plan, correlations } };
  }
}
