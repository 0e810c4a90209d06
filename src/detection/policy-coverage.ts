import type { FieldSpec } from '../core/extracts.ts';
import { type AuditLevel, type AuditPolicy, auditLevels, decidingRule, type PolicyRule } from './audit-policy.ts';
import { openAtoms } from './condition.ts';
import { type KnownOfEvent, knownAtoms, mayMatch, membersOf } from './may-match.ts';
import {
  callersOf,
  exampleUsers,
  missingAt,
  type NamedCaller,
  nameOf,
  nobody,
  requestOf,
  stagesOf,
  type Target,
  targetsOf,
  valuesOf,
} from './request-space.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

/** Why something is hidden: not logged at all, logged without a body, at a stage that is left out; or who asks for it is left out. */
export type HiddenReason = 'none' | 'body' | 'stage';

/** Requests that a rule could find and a policy hides, for one reason. */
export interface Hidden {
  readonly reason: HiddenReason;
  /** Line of the policy rule that decides; 0 where none does. */
  readonly line: number;
  readonly level: AuditLevel;
  /** The least level that would do. */
  readonly needs: AuditLevel;
  /** Stages that are left out and would be needed. */
  readonly stages: readonly string[];
  /** Only for these callers or namespaces; empty: whoever asks. */
  readonly only: readonly string[];
  /** `get pods`, in the order of Kubernetes' resources. */
  readonly requests: readonly string[];
}

/** What a rule sees under a policy. */
export interface Coverage {
  /** `waits`: silent whatever the policy, until a list is filled. `open`: nothing is known that it could be about. */
  readonly state: 'sees' | 'partly' | 'blind' | 'waits' | 'open';
  /** Requests it could find if all were logged, and those of them that are hidden from it whoever asks. */
  readonly requests: number;
  readonly hidden: number;
  readonly why: readonly Hidden[];
  /** The highest level that some clause of it still asks for where its requests are logged lower. */
  readonly clausesNeed: AuditLevel | undefined;
}

interface Scope {
  readonly caller: NamedCaller;
  readonly namespace: string | undefined;
  readonly about: string;
}

const usualNamespaces = ['', 'default', 'kube-system', 'kube-public', 'kube-node-lease', 'some-namespace'];
const otherName = '';
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

interface Sample {
  readonly target: Target;
  readonly scope: Scope;
  readonly name: string;
  readonly rule: PolicyRule | undefined;
}

class RuleView {
  readonly #rule: Rule;
  readonly #fields: readonly FieldSpec[];
  readonly #view: PolicyView;
  readonly #knownCallers: boolean;
  #clausesNeed: AuditLevel | undefined;

  constructor(rule: Rule, fields: readonly FieldSpec[], view: PolicyView) {
    this.#rule = rule;
    this.#fields = fields;
    this.#view = view;
    this.#knownCallers = codes.some((code) => this.#may({ values: { 'responseStatus.code': code } }));
  }

  #may(known: KnownOfEvent): boolean {
    return mayMatch(this.#rule.condition, this.#fields, known);
  }

  /** What is known of an event besides its stage. */
  #known({ target, scope, name }: Omit<Sample, 'rule'>): NonNullable<KnownOfEvent['values']> {
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
  #sees(sample: Omit<Sample, 'rule'>, level: AuditLevel, omitStages: readonly string[]): boolean {
    if (level === 'None') return false;
    const values = this.#known(sample);
    return stagesOf(sample.target, sample.scope.caller)
      .filter(({ stage }) => !omitStages.includes(stage))
      .some(({ stage, without }) =>
        this.#may({ values: { ...values, stage, level }, withoutMembers: new Set([...without, ...missingAt[level]]) }),
      );
  }

  /** Whether the rule can be about this caller: one about nothing but 401 is only about callers that are not known. */
  #isAsked({ caller }: Scope): boolean {
    return caller.username === undefined || this.#knownCallers;
  }

  /** Targets that the rule could be about, found the quick way: resource first. */
  #targets(): readonly Target[] {
    const resources = new Map<string | undefined, boolean>();
    return this.#view.targets.filter((target) => {
      const { resource } = target;
      if (!resources.has(resource)) resources.set(resource, this.#may({ values: { 'objectRef.resource': resource } }));
      return resources.get(resource) === true && this.#may({ values: valuesOf(target) });
    });
  }

  /** One sample of each class of callers and namespaces that the policy treats alike. */
  #samples(target: Target): readonly Sample[] {
    return this.#view.namesOf(target).flatMap((name) =>
      this.#view.scopes.flatMap((scopes): readonly Sample[] => {
        const scope = scopes.find(
          (candidate) => this.#isAsked(candidate) && this.#sees({ target, scope: candidate, name }, 'RequestResponse', []),
        );
        if (!scope) return [];
        const request = requestOf(target, scope.caller, scope.namespace ?? '', name);
        return [{ target, scope, name, rule: decidingRule(this.#view.policy, request) }];
      }),
    );
  }

  /** Whether a sample is seen; where it is, what its clauses would need besides. */
  #isSeen(sample: Sample): boolean {
    const { rule } = sample;
    if (!rule || !this.#sees(sample, rule.level, rule.omitStages)) return false;
    const missing = missingAt[rule.level];
    if (missing.length > 0) {
      const open = openAtoms(this.#rule.condition, knownAtoms(this.#fields, { values: this.#known(sample) }));
      for (const { atom } of open) {
        const members = membersOf(atom, this.#fields);
        if (!members.every((member) => missing.includes(member))) continue;
        const needs = members.includes('requestObject') ? 'Request' : 'RequestResponse';
        if (this.#clausesNeed !== 'RequestResponse') this.#clausesNeed = needs;
      }
    }
    return true;
  }

  #whyHidden(sample: Sample): Omit<Hidden, 'only' | 'requests'> {
    const { rule } = sample;
    const level = rule?.level ?? 'None';
    const omitted = rule?.omitStages ?? [];
    const needs = auditLevels.find((candidate) => this.#sees(sample, candidate, [])) ?? 'RequestResponse';
    const line = rule?.location.line ?? 0;
    if (level === 'None') return { reason: 'none', line, level, needs, stages: [] };
    if (auditLevels.indexOf(needs) > auditLevels.indexOf(level)) return { reason: 'body', line, level, needs, stages: [] };
    const stages = omitted.filter((stage) =>
      this.#sees(
        sample,
        'RequestResponse',
        allStages.filter((other) => other !== stage),
      ),
    );
    return { reason: 'stage', line, level, needs, stages };
  }

  coverage(): Coverage {
    const none = { requests: 0, hidden: 0, why: [], clausesNeed: undefined };
    if (this.#rule.waitsFor) return { state: 'waits', ...none };
    const groups = new HiddenGroups();
    let [requests, hidden, seen] = [0, 0, 0];
    for (const target of this.#targets()) {
      const samples = this.#samples(target);
      if (samples.length === 0) continue;
      requests++;
      const dark = samples.filter((sample) => !this.#isSeen(sample));
      if (dark.length < samples.length) seen++;
      else hidden++;
      for (const sample of dark)
        groups.add(this.#whyHidden(sample), nameOf(target), dark.length === samples.length ? undefined : aboutOf(sample));
    }
    if (requests === 0) return { state: 'open', ...none };
    const state = hidden === 0 ? 'sees' : seen === 0 ? 'blind' : 'partly';
    return { state, requests, hidden, why: groups.list(), clausesNeed: this.#clausesNeed };
  }
}

const allStages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

function aboutOf({ scope, name }: Sample): string {
  return name === otherName ? scope.about : `${scope.about}, named ${name}`;
}

/** Hidden requests with the same reason become one entry. */
class HiddenGroups {
  readonly #groups = new Map<string, { why: Omit<Hidden, 'only' | 'requests'>; only: Set<string>; requests: Set<string> }>();

  add(why: Omit<Hidden, 'only' | 'requests'>, request: string, only: string | undefined): void {
    const key = JSON.stringify([why, only === undefined]);
    const group = this.#groups.get(key) ?? { why, only: new Set(), requests: new Set() };
    group.requests.add(request);
    if (only !== undefined) group.only.add(only);
    this.#groups.set(key, group);
  }

  list(): readonly Hidden[] {
    return [...this.#groups.values()].map(({ why, only, requests }) => ({ ...why, only: [...only], requests: [...requests] }));
  }
}

/** What a rule can find of what a policy logs. Pure. */
export function coverageOf(rule: Rule, fields: readonly FieldSpec[], view: PolicyView): Coverage {
  return new RuleView(rule, fields, view).coverage();
}
