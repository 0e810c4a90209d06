import type { FieldSpec } from '../core/extracts.ts';
import { type AuditLevel, type AuditPolicy, auditLevels, decidingRule, type PolicyRule } from './audit-policy.ts';
import { openAtoms } from './condition.ts';
import { type KnownOfEvent, knownAtoms, mayMatch, membersOf } from './may-match.ts';
import {
  callersOf,
  exampleUsers,
  missingAt,
  type NamedCaller,
  nobody,
  requestOf,
  stagesOf,
  type Target,
  targetsOf,
  valuesOf,
} from './request-space.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

export interface Scope {
  readonly caller: NamedCaller;
  readonly namespace: string | undefined;
  readonly about: string;
}

const usualNamespaces = ['', 'default', 'kube-system', 'kube-public', 'kube-node-lease', 'some-namespace'];
/** Any name that the policy does not tell apart. */
export const otherName = '';
/** Answers to callers that are known. */
const codes = ['101', '200', '201', '302', '400', '403', '404', '409', '422', '429', '500', '503'];

/** A policy, and the requests it can tell apart. */
export class PolicyView {
  readonly policy: AuditPolicy;
  readonly targets: readonly Target[];
  /** Those that the policy treats alike stand together. */
  readonly scopes: readonly (readonly Scope[])[];

  constructor(set: RuleSet, policy: AuditPolicy) {
    this.policy = policy;
    this.targets = targetsOf(set, policy);
    const named = new Set(policy.rules.flatMap((rule) => rule.namespaces));
    const namespaces = named.size === 0 ? [undefined] : [...new Set([...usualNamespaces, ...named])];
    const classes = new Map<string, Scope[]>();
    for (const caller of callersOf(policy, exampleUsers(set))) {
      for (const namespace of namespaces) {
        const key = this.#signature(caller, namespace);
        const place = namespace !== undefined && named.has(namespace) ? `in ${namespace || 'no namespace'}` : '';
        const about = [caller.about, place].filter(Boolean).join(' ');
        classes.set(key, [...(classes.get(key) ?? []), { caller, namespace, about }]);
      }
    }
    this.scopes = [...classes.values()];
  }

  /** Which rules of the policy this caller and namespace could fit. */
  #signature(caller: NamedCaller, namespace: string | undefined): string {
    const fits = this.policy.rules.map(({ users, userGroups, namespaces }) => {
      const someone = users.length === 0 || users.includes(caller.username ?? '');
      const group = userGroups.length === 0 || caller.groups.some((name) => userGroups.includes(name));
      return someone && group && (namespaces.length === 0 || namespaces.includes(namespace ?? '')) ? '1' : '0';
    });
    return `${caller === nobody ? 'nobody ' : ''}${fits.join('')}`;
  }

  /** Names of objects that the policy tells apart for a target, and any other. */
  namesOf({ resource, group }: Target): readonly string[] {
    const items = this.policy.rules.flatMap((rule) => rule.resources);
    const names = resource === undefined ? [] : items.filter((item) => item.group === group).flatMap((item) => item.names);
    return [otherName, ...new Set(names)];
  }
}

/** A request of a kind of caller, and the policy rule that decides about it. */
export interface Sample {
  readonly target: Target;
  readonly scope: Scope;
  readonly name: string;
  readonly rule: PolicyRule | undefined;
}

/** A clause that reads nothing but members that are not logged. */
export interface BlindClause {
  /** At the top of the event. */
  readonly members: readonly string[];
  /** An odd number of `not` stands above it. */
  readonly negated: boolean;
}

/** A rule, and what it could find of what a policy tells apart. */
export class RuleView {
  readonly rule: Rule;
  readonly fields: readonly FieldSpec[];
  readonly view: PolicyView;
  readonly #knownCallers: boolean;

  constructor(rule: Rule, fields: readonly FieldSpec[], view: PolicyView) {
    this.rule = rule;
    this.fields = fields;
    this.view = view;
    this.#knownCallers = codes.some((code) => this.may({ values: { 'responseStatus.code': code } }));
  }

  may(known: KnownOfEvent): boolean {
    return mayMatch(this.rule.condition, this.fields, known);
  }

  /** What is known of an event besides its stage. */
  known({ target, scope, name }: Omit<Sample, 'rule'>): NonNullable<KnownOfEvent['values']> {
    const { caller, namespace } = scope;
    return {
      ...valuesOf(target),
      'user.username': caller.username,
      ...(caller.username === undefined ? { 'responseStatus.code': '401' } : {}),
      ...(namespace === undefined ? {} : { 'objectRef.namespace': namespace || undefined }),
      ...(name === otherName ? {} : { 'objectRef.name': name }),
    };
  }

  /** Whether the rule may match one of the events that a request gives when it is logged so. */
  sees(sample: Omit<Sample, 'rule'>, level: AuditLevel, omitStages: readonly string[]): boolean {
    if (level === 'None') return false;
    const values = this.known(sample);
    return stagesOf(sample.target, sample.scope.caller)
      .filter(({ stage }) => !omitStages.includes(stage))
      .some(({ stage, without }) =>
        this.may({ values: { ...values, stage, level }, withoutMembers: new Set([...without, ...missingAt[level]]) }),
      );
  }

  /** The least level at which the rule may match, whatever the stages. */
  leastLevel(sample: Omit<Sample, 'rule'>): AuditLevel {
    return auditLevels.find((level) => this.sees(sample, level, [])) ?? 'RequestResponse';
  }

  /** Clauses on which it still depends where this much is known, and that a level leaves nothing to read. */
  blindClauses(values: NonNullable<KnownOfEvent['values']>, level: AuditLevel): readonly BlindClause[] {
    const missing = missingAt[level];
    if (missing.length === 0) return [];
    return openAtoms(this.rule.condition, knownAtoms(this.fields, { values }))
      .map(({ atom, negated }) => ({ members: membersOf(atom, this.fields), negated }))
      .filter(({ members }) => members.every((member) => missing.includes(member)));
  }

  /** Whether the rule can be about this caller: one about nothing but 401 is only about callers that are not known. */
  #isAsked({ caller }: Scope): boolean {
    return caller.username === undefined || this.#knownCallers;
  }

  /** Targets that the rule could be about, found the quick way: resource first. */
  targets(): readonly Target[] {
    const resources = new Map<string | undefined, boolean>();
    return this.view.targets.filter((target) => {
      const { resource } = target;
      if (!resources.has(resource)) resources.set(resource, this.may({ values: { 'objectRef.resource': resource } }));
      return resources.get(resource) === true && this.may({ values: valuesOf(target) });
    });
  }

  /** One sample of each class of callers and namespaces that the policy treats alike. */
  samples(target: Target): readonly Sample[] {
    return this.view.namesOf(target).flatMap((name) =>
      this.view.scopes.flatMap((scopes): readonly Sample[] => {
        const scope = scopes.find(
          (candidate) => this.#isAsked(candidate) && this.sees({ target, scope: candidate, name }, 'RequestResponse', []),
        );
        if (!scope) return [];
        const request = requestOf(target, scope.caller, scope.namespace ?? '', name);
        return [{ target, scope, name, rule: decidingRule(this.view.policy, request) }];
      }),
    );
  }
}
