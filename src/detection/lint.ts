import type { FieldSpec } from '../core/extracts.ts';
import { valueTypes } from '../core/extracts.ts';
import type { Location } from '../core/faults.ts';
import { type Atom, atomsOf, evaluatePartly } from './condition.ts';
import { ByteValue } from './event-value.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

export const lintCodes = [
  'never-matches',
  'unknown-field',
  'several-stages',
  'no-subresource-test',
  'needs-body',
  'body-never-logged',
] as const;
export type LintCode = (typeof lintCodes)[number];

/** Something about a rule that is allowed and probably not meant. `needs-body` only says what the audit policy must log. */
export interface LintNote {
  readonly code: LintCode;
  readonly ruleId: string;
  readonly ruleName: string;
  readonly location: Location;
  readonly message: string;
}

/** Members of an audit.k8s.io/v1 Event. */
const eventMembers = new Set([
  ...[
    'kind',
    'apiVersion',
    'level',
    'auditID',
    'stage',
    'requestURI',
    'verb',
    'user',
    'impersonatedUser',
    'authenticationMetadata',
  ],
  ...['sourceIPs', 'userAgent', 'objectRef', 'responseStatus', 'requestObject', 'responseObject', 'requestReceivedTimestamp'],
  ...['stageTimestamp', 'annotations'],
]);
/** Panic is left out: it comes instead of the last stage, not besides it. */
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'];
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
/** Every value these fields can have. */
const closed: Readonly<Record<string, readonly string[]>> = {
  stage: [...stages, 'Panic'],
  level: ['None', 'Metadata', 'Request', 'RequestResponse'],
  'responseStatus.code': Array.from({ length: 500 }, (_, i) => String(i + 100)),
};
const withSubresources = new Set([
  ...[
    'pods',
    'serviceaccounts',
    'nodes',
    'namespaces',
    'services',
    'deployments',
    'daemonsets',
    'statefulsets',
    'replicasets',
    'jobs',
  ],
  ...['cronjobs', 'certificatesigningrequests', 'persistentvolumes', 'persistentvolumeclaims'],
]);
/** The apiserver logs no request body for these, whatever the level (measured on 1.20). */
const bodiless = [['serviceaccounts', 'token'] as const, ['pods', 'eviction'] as const];

const encoder = new TextEncoder();

class RuleLinter {
  readonly #rule: Rule;
  readonly #fields: readonly FieldSpec[];
  readonly #atoms: readonly Atom[];

  constructor(rule: Rule, fields: readonly FieldSpec[]) {
    this.#rule = rule;
    this.#fields = fields;
    this.#atoms = atomsOf(rule.condition);
  }

  #names(atom: Atom): readonly string[] {
    return atom.sources.map((source) => this.#fields[source.field]?.name ?? '');
  }

  /** No path of the field begins with a member of an event. */
  #isUnknown(atom: Atom): boolean {
    return atom.sources.every(
      ({ field }) => this.#fields[field]?.paths.every(([head = '']) => head !== '*' && !eventMembers.has(head)) ?? true,
    );
  }

  /** Whether the rule may match where the named fields have these values; other fields are open. */
  #possible(values: Readonly<Record<string, string>>): boolean {
    const holds = (atom: Atom): boolean | undefined => {
      if (this.#isUnknown(atom)) return false;
      if (atom.decide) return undefined;
      const [source] = atom.sources;
      const name = atom.sources.length === 1 ? this.#fields[source?.field ?? -1]?.name : undefined;
      const text = name === undefined || source?.transform !== 'none' ? undefined : values[name];
      if (text === undefined) return undefined;
      const bytes = encoder.encode(text);
      const type = /^\d+$/.test(text) ? valueTypes.number : valueTypes.string;
      const value = new ByteValue().set(bytes, 0, bytes.length, type, 'none');
      const passed = atom.tests.some((test) => test.test(value));
      return atom.quantifier === 'none' ? !passed : passed;
    };
    return evaluatePartly(this.#rule.condition, holds) !== false;
  }

  #note(code: LintCode, message: string): LintNote {
    const { info, location } = this.#rule;
    return { code, ruleId: info.id, ruleName: info.name, location, message };
  }

  *notes(): Generator<LintNote> {
    for (const name of new Set(this.#atoms.filter((atom) => this.#isUnknown(atom)).map((atom) => atom.name))) {
      yield this.#note('unknown-field', `audit events have no field "${name}"`);
    }
    const reason = this.#neverMatches();
    if (reason !== undefined) {
      yield this.#note('never-matches', reason);
      return;
    }
    const perVerb = verbs.map((verb) => stages.filter((stage) => this.#possible({ stage, verb })));
    const left = perVerb.reduce((most, some) => (some.length > most.length ? some : most), []);
    if (left.length > 1) yield this.#note('several-stages', `one request may match ${left.length} times, at ${left.join(', ')}`);
    yield* this.#subresource();
    yield* this.#bodies();
  }

  #neverMatches(): string | undefined {
    if (!this.#possible({})) return 'no event can fulfil the condition';
    for (const [name, values] of Object.entries(closed)) {
      const asked = this.#atoms.some((atom) => this.#names(atom).includes(name));
      const absent = this.#atoms.every((atom) => !this.#names(atom).includes(name) || atom.quantifier === 'none');
      if (asked && !absent && !values.some((value) => this.#possible({ [name]: value })) && !this.#possible({ [name]: '' })) {
        return `no value that "${name}" can have fulfils the condition`;
      }
    }
    return undefined;
  }

  *#subresource(): Generator<LintNote> {
    if (this.#atoms.some((atom) => this.#names(atom).includes('objectRef.subresource'))) return;
    if (!this.#atoms.some((atom) => this.#names(atom).includes('objectRef.resource'))) return;
    if (this.#possible({ 'objectRef.resource': 'no-such-resource' })) return;
    const open = [...withSubresources].filter((resource) => this.#possible({ 'objectRef.resource': resource }));
    if (open.length > 0) yield this.#note('no-subresource-test', `requests to subresources of ${open.join(', ')} match as well`);
  }

  *#bodies(): Generator<LintNote> {
    const heads = new Set(
      this.#atoms.flatMap((atom) => atom.sources.flatMap(({ field }) => this.#fields[field]?.paths.map(([head]) => head) ?? [])),
    );
    if (heads.has('responseObject'))
      yield this.#note('needs-body', 'reads the response body: the audit policy must log the level RequestResponse');
    else if (heads.has('requestObject'))
      yield this.#note('needs-body', 'reads the request body: the audit policy must log the level Request');
    if (!heads.has('requestObject')) return;
    for (const [resource, subresource] of bodiless) {
      const only = this.#possible({ 'objectRef.resource': resource, 'objectRef.subresource': subresource });
      const others = this.#possible({ 'objectRef.resource': resource, 'objectRef.subresource': '' });
      if (only && !others)
        yield this.#note('body-never-logged', `requests to ${resource}/${subresource} carry no body in the audit log`);
    }
  }
}

/** Looks every stateless rule over. Pure; the order is that of the rules. */
export function lintRules(set: RuleSet): readonly LintNote[] {
  return set.rules.flatMap(({ rule }) => [...new RuleLinter(rule, set.matcher.fields).notes()]);
}
