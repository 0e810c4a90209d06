import type { FieldSpec } from '../core/extracts.ts';
import { atomsOf, type Condition, type ValueSource } from './condition.ts';
import type { CorrelationGraph, CorrelationMember } from './correlation-graph.ts';
import type { FieldTable } from './field-table.ts';
import type { CorrelationRule, GroupField, Profile, Rule } from './rule.ts';
import type { CorrelationLink, LoadedCorrelation, LoadedRule } from './rule-set.ts';
import type { Feed } from './state-keys.ts';

/** Everything that was loaded, whatever the profile. */
export interface AllRules {
  readonly rules: readonly Rule[];
  readonly correlations: readonly CorrelationRule[];
  readonly graph: CorrelationGraph;
  readonly table: FieldTable;
}

/** What a profile uses of it. */
export interface SelectedRules {
  readonly rules: readonly LoadedRule[];
  readonly correlations: readonly LoadedCorrelation[];
  readonly feeds: readonly (readonly Feed[])[];
  readonly stateNames: readonly string[];
}

const inProfile = (rule: Rule | CorrelationRule, profile: Profile): boolean =>
  rule.profiles.length === 0 || rule.profiles.includes(profile);

/** What an event gives a correlation besides its group. */
function feedValue(rule: CorrelationRule, position: number, chained: boolean): Pick<Feed, 'value' | 'isNumeric'> {
  const { type, counted } = rule;
  // Of whoever acts only the object counts; the owner belongs to what was made from it.
  if (type === 'x-origin' && position === 0) return { value: 'none', isNumeric: false };
  const sources = counted.map((field) => field.sources[position] ?? []);
  if (sources.length > 0) {
    const isShare = type === 'value_percentile' && rule.percentile === undefined;
    return { value: sources, isNumeric: type.startsWith('value_') && type !== 'value_count' && !isShare };
  }
  const counts = (type === 'event_count' && !chained) || type === 'x-first-seen';
  return { value: counts ? 'none' : 'position', isNumeric: false };
}

class Selection {
  readonly #all: AllRules;
  readonly #profile: Profile;
  /** Numbers of the correlations in use, in order, and their new numbers. */
  readonly #active: readonly number[];
  readonly #newCorrelation: ReadonlyMap<number, number>;
  readonly #chosen: readonly number[];
  readonly #newRule: ReadonlyMap<number, number>;
  readonly #links: CorrelationLink[] = [];

  constructor(all: AllRules, profile: Profile) {
    this.#all = all;
    this.#profile = profile;
    const active = new Set<number>();
    const use = (number: number): void => {
      if (active.has(number)) return;
      active.add(number);
      for (const member of this.#members(number)) if (member.type === 'correlation') use(member.correlation);
    };
    for (const [number, rule] of all.correlations.entries()) if (inProfile(rule, profile)) use(number);
    this.#active = [...active].sort((a, b) => a - b);
    this.#newCorrelation = new Map(this.#active.map((number, i) => [number, i]));
    const feeding = new Set(this.#active.flatMap((number) => this.#members(number).flatMap(all.graph.leaves)));
    this.#chosen = all.rules.flatMap((rule, number) => (feeding.has(number) || inProfile(rule, profile) ? [number] : []));
    this.#newRule = new Map(this.#chosen.map((number, i) => [number, i]));
  }

  #members(correlation: number): readonly CorrelationMember[] {
    return this.#all.graph.members[correlation] ?? [];
  }

  #specs(sources: readonly ValueSource[]): readonly FieldSpec[] {
    return sources.flatMap((source) => this.#all.table.specs[source.field] ?? []);
  }

  /** A member of a correlation is silent unless some correlation it belongs to lets it speak. */
  #isSilent(isMember: (member: CorrelationMember) => boolean, rule: Rule | CorrelationRule): boolean {
    if ('type' in rule && rule.type === 'x-origin') return true;
    const owners = this.#active.filter((number) => this.#members(number).some(isMember));
    const generates = owners.some((number) => this.#all.correlations[number]?.generate);
    return !inProfile(rule, this.#profile) || (owners.length > 0 && !generates);
  }

  rules(): readonly LoadedRule[] {
    return this.#chosen.map((number): LoadedRule => {
      const rule = this.#all.rules[number] as Rule;
      const fields = rule.fields.flatMap((name) => this.#specs(this.#all.table.resolve(name)));
      const silent = this.#isSilent((member) => member.type === 'rule' && member.rule === number, rule);
      return { rule, silent, evidence: [...new Set(fields)] };
    });
  }

  correlations(): readonly LoadedCorrelation[] {
    return this.#active.map((number): LoadedCorrelation => {
      const rule = this.#all.correlations[number] as CorrelationRule;
      const members = this.#members(number);
      const leaves = members.map((member) => this.#all.graph.leaves(member).map((leaf) => this.#all.rules[leaf]?.info.id ?? ''));
      const isShown = rule.type === 'x-first-seen' ? [...rule.groupBy, ...rule.counted] : rule.groupBy;
      const first = (field: GroupField, position: number): FieldSpec | undefined => this.#specs(field.sources[position] ?? [])[0];
      return {
        rule,
        silent: this.#isSilent((member) => member.type === 'correlation' && member.correlation === number, rule),
        leaves,
        shown: isShown.map((field) => ({ name: field.name, specs: members.map((_, position) => first(field, position)) })),
        isChained: members.some((member) => member.type === 'correlation'),
        links: [],
      };
    });
  }

  /** Numbers of states: correlations first, then the links between them. */
  feeds(correlations: readonly LoadedCorrelation[]): {
    readonly feeds: readonly (readonly Feed[])[];
    readonly correlations: readonly LoadedCorrelation[];
    readonly stateNames: readonly string[];
  } {
    const feeds: Feed[][] = this.#chosen.map(() => []);
    const links = correlations.map((): CorrelationLink[] => []);
    for (const [number, loaded] of correlations.entries()) {
      const members = this.#members(this.#active[number] as number);
      for (const [position, member] of members.entries()) {
        let state = number;
        if (member.type === 'correlation') {
          state = correlations.length + this.#links.length;
          const link = { name: `${loaded.rule.info.id}#${position}`, outer: number, position };
          this.#links.push(link);
          links[this.#newCorrelation.get(member.correlation) ?? -1]?.push(link);
        }
        const feed: Feed = {
          correlation: state,
          position,
          group: loaded.rule.groupBy.map((field) => field.sources[position] ?? []),
          ...feedValue(loaded.rule, position, loaded.isChained),
        };
        for (const leaf of this.#all.graph.leaves(member)) feeds[this.#newRule.get(leaf) ?? -1]?.push(feed);
      }
    }
    return {
      feeds,
      correlations: correlations.map((loaded, number) => ({ ...loaded, links: links[number] ?? [] })),
      stateNames: [...correlations.map(({ rule }) => rule.info.id), ...this.#links.map(({ name }) => name)],
    };
  }
}

/** Rules in use: those of the profile, and those that only feed a correlation of the profile. */
export function selectRules(all: AllRules, profile: Profile): SelectedRules {
  const selection = new Selection(all, profile);
  return { rules: selection.rules(), ...selection.feeds(selection.correlations()) };
}

/** Fields that only rules outside of the profile name keep their number and lose their paths: nothing is scanned for them. */
export function usedFields(
  specs: readonly FieldSpec[],
  conditions: readonly Condition[],
  feeds: readonly (readonly Feed[])[],
): readonly FieldSpec[] {
  const sources = [
    ...conditions.flatMap((condition) => atomsOf(condition).flatMap((atom) => atom.sources)),
    ...feeds.flat().flatMap((feed) => [...feed.group.flat(), ...(typeof feed.value === 'string' ? [] : feed.value.flat())]),
  ];
  const used = new Set(sources.map(({ field }) => field));
  return specs.map((spec, field) => (used.has(field) ? spec : { name: spec.name, paths: [] }));
}
