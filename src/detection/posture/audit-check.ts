import { graver } from '../../core/finding.ts';
import { textOf } from '../../core/json-members.ts';
import { type AuditLevel, auditLevels } from '../audit-policy.ts';
import { resourcePath } from '../kubernetes-resources.ts';
import { mayMatch } from '../may-match.ts';
import { missingAt, nameOf, valuesOf } from '../request-space.ts';
import type { Rule } from '../rule.ts';
import type { RuleSet } from '../rule-set.ts';
import { Ledger } from './ledger.ts';
import { isWrite, type PostureEvent } from './posture-event.ts';
import { type Judgement, type PostureCheck, type Practice, Tally } from './practice.ts';
import { objectName } from './principals.ts';

const policy: Practice = {
  id: 'audit.policy',
  title: 'Audit policy too thin for a detection rule',
  why: 'The rule asks for bodies that are not logged: it can never match these requests.',
  remedy: 'Log these requests at level Request (deploy/audit-policy.yaml), or accept what the rule does not see.',
  needs: 'any audit log; only kinds of requests that were made while it was written are judged',
};
const truncated: Practice = {
  id: 'audit.truncated',
  title: 'Bodies that the API server cut off',
  why: 'Rules that look into bodies are blind for these requests; a large annotation is enough to make it so.',
  remedy: 'Raise --audit-log-truncate-max-event-size, or switch truncation off.',
  needs: 'any audit log',
};

interface RequestKind {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly path: '';
  readonly level: AuditLevel;
}

/** Kinds of requests that differ: resources, subresources and verbs of a large cluster with many definitions of its own. */
const requestKinds = 10_000;
/** Secrets and tokens are logged without bodies on purpose. */
const secretive = /^(secrets|tokenreviews|serviceaccounts\/token)$/;
/** Written all the time, and never what a rule about bodies means, though it may not say so. */
const chatter = /^(leases|events|endpoints|endpointslices|componentstatuses)$/;
/** Requests a report names for one rule. */
const namedRequests = 4;

/** Whether what is logged is enough for the rules in force, and whether it was whole. */
export class AuditCheck implements PostureCheck {
  readonly practices = [policy, truncated];
  readonly #kinds = new Ledger<RequestKind>(requestKinds);
  readonly #truncated = new Tally();
  readonly #rules: RuleSet | undefined;

  constructor(rules: RuleSet | undefined) {
    this.#rules = rules;
  }

  get givenUp(): number {
    return this.#kinds.givenUp;
  }

  observe(event: PostureEvent): void {
    const { verb, resource, subresource, annotations, timeMs, user, namespace, name } = event;
    const isCut = textOf(annotations['audit.k8s.io/truncated']) === 'true';
    this.#truncated.add(isCut, () => ({ what: objectName(resource, namespace, name), note: verb, who: user }), timeMs);
    if (resource === '' || isCut || subresource === 'status') return;
    if (chatter.test(resource) || secretive.test(resourcePath(resource, subresource))) return;
    if (!isWrite(event) && event.answer === undefined) return;
    if (event.stage !== undefined && event.stage !== 'ResponseComplete') return;
    const kind = { verb, resource, subresource, path: '' } as const;
    const key = nameOf(kind);
    const before = this.#kinds.get(key);
    const level = levelOf(event);
    if (!before || auditLevels.indexOf(level) > auditLevels.indexOf(before.level)) this.#kinds.set(key, { ...kind, level });
  }

  judge(): ReadonlyMap<string, Judgement> {
    const rules = new Tally();
    const kinds = [...this.#kinds].map(([, kind]) => kind);
    for (const rule of this.#gravest()) {
      const meant = kinds.filter((kind) => this.#may(rule, kind));
      if (meant.length === 0) continue;
      const hidden = meant.filter((kind) => !this.#may(rule, kind, new Set(missingAt[kind.level])));
      const more = hidden.length > namedRequests ? ` and ${hidden.length - namedRequests} more` : '';
      const note = `${rule.info.severity}: ${hidden.slice(0, namedRequests).map(nameOf).join(', ')}${more}`;
      rules.add(hidden.length > 0, () => ({ what: rule.info.name, note }), Number.NEGATIVE_INFINITY);
    }
    const nothing = this.#rules ? 'no change of an object is in this log' : 'no rules were given';
    return new Map([
      [policy.id, rules.judgement(rules.looked === 0 ? nothing : undefined)],
      [truncated.id, this.#truncated.judgement(this.#truncated.looked === 0 ? 'no event is in this log' : undefined)],
    ]);
  }

  #gravest(): readonly Rule[] {
    const rules = (this.#rules?.rules ?? []).map(({ rule }) => rule);
    return rules.sort((a, b) => graver(a.info.severity, b.info.severity));
  }

  #may(rule: Rule, kind: RequestKind, withoutMembers: ReadonlySet<string> = new Set()): boolean {
    return mayMatch(rule.condition, this.#rules?.matcher.fields ?? [], { values: valuesOf(kind), withoutMembers });
  }
}

/** Some wrappers do not say the level: the bodies do. */
function levelOf({ level, body, answer }: PostureEvent): AuditLevel {
  const said = auditLevels.find((known) => known === level);
  return said ?? (answer !== undefined ? 'RequestResponse' : body !== undefined ? 'Request' : 'Metadata');
}
