import type { FieldSpec } from '../core/extracts.ts';
import type { Location } from '../core/faults.ts';
import { graver } from '../core/finding.ts';
import type { AuditPolicy } from './audit-policy.ts';
import { type Atom, atomsOf } from './condition.ts';
import { implies } from './implies.ts';
import { kubernetesVerbs } from './kubernetes-resources.ts';
import { policyNotes } from './lint-policy.ts';
import { isUnknownField, mayMatch, meantField } from './may-match.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { PolicyView } from './rule-view.ts';

export const lintCodes = [
  'empty-list',
  'never-matches',
  'unknown-field',
  'several-stages',
  'no-subresource-test',
  'needs-body',
  'body-never-logged',
  'shadowed',
  'not-logged',
  'partly-logged',
] as const;
export type LintCode = (typeof lintCodes)[number];

/** Something about a rule that is allowed and probably not meant. `needs-body` only says what the audit policy must log. */
export interface LintNote {
  readonly code: LintCode;
  readonly ruleId: string;
  readonly ruleName: string;
  /** Of the rule; of an unknown field its own, where the text of the file is known. */
  readonly location: Location;
  readonly message: string;
}

/** Where a field is first asked for in the text of its rule; undefined where it stands nowhere as itself. */
function placeOfField(text: string, rule: Location, name: string): Location | undefined {
  const asked = new RegExp(`(?<![\\w.])${name.replace(/[^\w]/g, '\\$&')}(?=["']?\\s*:|\\|)`);
  for (const [index, line] of text.split('\n').entries()) {
    const at = index + 1 < rule.line ? -1 : line.search(asked);
    if (at >= 0) return { file: rule.file, line: index + 1, column: at + 1 };
  }
  return undefined;
}

/** Panic is left out: it comes instead of the last stage, not besides it. */
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'];
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
/** Older API servers log no request body for these, whatever the level (measured on 1.20; 1.37 logs it). */
const bodiless = [['serviceaccounts', 'token'] as const, ['pods', 'eviction'] as const];

class RuleLinter {
  readonly #rule: Rule;
  readonly #fields: readonly FieldSpec[];
  readonly #text: string | undefined;
  readonly #atoms: readonly Atom[];

  constructor(rule: Rule, fields: readonly FieldSpec[], text?: string) {
    this.#rule = rule;
    this.#fields = fields;
    this.#text = text;
    this.#atoms = atomsOf(rule.condition);
  }

  #names(atom: Atom): readonly string[] {
    return atom.sources.map((source) => this.#fields[source.field]?.name ?? '');
  }

  /** Whether the rule may match where the named fields have these values; other fields are open. */
  #possible(values: Readonly<Record<string, string>>): boolean {
    return mayMatch(this.#rule.condition, this.#fields, { values });
  }

  #note(code: LintCode, message: string): LintNote {
    const { info, location } = this.#rule;
    return { code, ruleId: info.id, ruleName: info.name, location, message };
  }

  *notes(): Generator<LintNote> {
    const { waitsFor } = this.#rule;
    if (waitsFor) {
      const named = waitsFor.map((name) => `"${name}"`).join(' and ');
      yield this.#note(
        'empty-list',
        `silent until the list ${named} is filled: --lists FILE with placeholders: { ${waitsFor[0]}: [value] }`,
      );
      return;
    }
    for (const name of new Set(this.#atoms.filter((atom) => isUnknownField(atom, this.#fields)).map((atom) => atom.name))) {
      const meant = meantField(name);
      const note = this.#note(
        'unknown-field',
        `audit events have no field "${name}"${meant ? `; did you mean "${meant}"?` : ''}`,
      );
      const place = this.#text === undefined ? undefined : placeOfField(this.#text, note.location, name);
      yield place ? { ...note, location: place } : note;
    }
    const reason = this.#neverMatches();
    if (reason !== undefined) {
      yield this.#note('never-matches', reason);
      return;
    }
    const perVerb = kubernetesVerbs.map((verb) => stages.filter((stage) => this.#possible({ stage, verb })));
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
        yield this.#note(
          'body-never-logged',
          `requests to ${resource}/${subresource} carry no body in the audit log of older API servers (1.20)`,
        );
    }
  }
}

export interface LintOptions {
  /** What the API server is told to log; rules that need more are noted. */
  readonly policy?: AuditPolicy;
  /** What the rules were read from, for the places of what is noted. */
  readonly files?: readonly { readonly file: string; readonly text: string }[];
}

/** Rules of which another one, as severe or more, matches every event as well. Of two that mean the same the later is named. */
function* shadowed(set: RuleSet): Generator<LintNote> {
  const feeding = new Set(set.correlations.flatMap(({ leaves }) => leaves.flat()));
  for (const [number, { rule }] of set.rules.entries()) {
    // What feeds a correlation is there for that, whatever else sees the same events, and may not report itself.
    if (feeding.has(rule.info.id) || rule.waitsFor) continue;
    const other = set.rules.find(({ rule: candidate }, index) => {
      const less = graver(candidate.info.severity, rule.info.severity);
      if (candidate === rule || feeding.has(candidate.info.id) || less > 0 || !implies(rule.condition, candidate.condition))
        return false;
      return less < 0 || index < number || !implies(candidate.condition, rule.condition);
    });
    if (!other) continue;
    const { info, location } = rule;
    const message = `every event it matches is matched by "${other.rule.info.name}" as well, which is ${other.rule.info.severity}`;
    yield { code: 'shadowed', ruleId: info.id, ruleName: info.name, location, message };
  }
}

/** Looks every stateless rule over. Pure; the order is that of the rules, what concerns several rules comes last. */
export function lintRules(set: RuleSet, options: LintOptions = {}): readonly LintNote[] {
  const { fields } = set.matcher;
  const view = options.policy && new PolicyView(set, options.policy);
  const texts = new Map(options.files?.map(({ file, text }) => [file, text]));
  return [
    ...set.rules.flatMap(({ rule }) => [
      ...new RuleLinter(rule, fields, texts.get(rule.location.file)).notes(),
      ...(view ? policyNotes(rule, fields, view) : []),
    ]),
    ...shadowed(set),
  ];
}
