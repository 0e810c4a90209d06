import type { FieldSpec } from '../core/extracts.ts';
import { type AuditLevel, type AuditPolicy, auditLevels, type PolicyRequest, policyRuleDecides } from './audit-policy.ts';
import { kubernetesResources } from './kubernetes-resources.ts';
import type { LintNote } from './lint.ts';
import { type KnownOfEvent, mayMatch } from './may-match.ts';
import type { Rule } from './rule.ts';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];
/** Bodies that a level leaves out. */
const missingAt: Readonly<Record<AuditLevel, ReadonlySet<string>>> = {
  None: new Set(),
  Metadata: new Set(['requestObject', 'responseObject']),
  Request: new Set(['responseObject']),
  RequestResponse: new Set(),
};
/** Requests a note names. */
const shownRequests = 4;

class PolicyLinter {
  readonly #rule: Rule;
  readonly #fields: readonly FieldSpec[];
  readonly #policy: AuditPolicy;

  constructor(rule: Rule, fields: readonly FieldSpec[], policy: AuditPolicy) {
    this.#rule = rule;
    this.#fields = fields;
    this.#policy = policy;
  }

  #may(known: KnownOfEvent): boolean {
    return mayMatch(this.#rule.condition, this.#fields, known);
  }

  /** Requests that could match if everything were logged. */
  *#requests(): Generator<PolicyRequest> {
    for (const { resource, group, subresources } of kubernetesResources) {
      const named = { 'objectRef.resource': resource };
      if (!this.#may({ values: named })) continue;
      for (const subresource of ['', ...subresources]) {
        const values = { ...named, 'objectRef.subresource': subresource === '' ? undefined : subresource };
        if (!this.#may({ values })) continue;
        for (const verb of verbs) {
          if (this.#may({ values: { ...values, verb } })) yield { verb, resource, subresource, group, namespace: undefined };
        }
      }
    }
  }

  /** Whether the rule may match what is logged of a request, whichever policy rules may decide about it; and what is logged. */
  #isLogged(request: PolicyRequest): { readonly logged: boolean; readonly level: AuditLevel; readonly line: number } {
    const { verb, resource, subresource } = request;
    const values = {
      verb,
      'objectRef.resource': resource,
      'objectRef.subresource': subresource === '' ? undefined : subresource,
    };
    let best: AuditLevel = 'None';
    let line = 0;
    for (const { level, omitStages, location, ...rule } of this.#policy.rules) {
      const decides = policyRuleDecides({ level, omitStages, location, ...rule }, request);
      if (decides === 'no') continue;
      if (auditLevels.indexOf(level) >= auditLevels.indexOf(best)) [best, line] = [level, location.line];
      const seen = stages.filter((stage) => !omitStages.includes(stage));
      const withoutMembers = missingAt[level];
      if (level !== 'None' && seen.some((stage) => this.#may({ values: { ...values, stage }, withoutMembers })))
        return { logged: true, level, line: location.line };
      if (decides === 'yes') break;
    }
    return { logged: false, level: best, line };
  }

  notes(): readonly LintNote[] {
    const requests = [...this.#requests()];
    const blind = requests.map((request) => ({ request, ...this.#isLogged(request) })).filter(({ logged }) => !logged);
    const [first] = blind;
    if (!first) return [];
    const named = blind.slice(0, shownRequests).map(({ request }) => nameOf(request));
    const more = blind.length > named.length ? ` and ${blind.length - named.length} more` : '';
    const why = first.line === 0 ? 'no rule of it logs them' : `its rule in line ${first.line} logs the first at ${first.level}`;
    const { info, location } = this.#rule;
    const all = blind.length === requests.length;
    const message = `the audit policy ${this.#policy.file} ${all ? 'logs no event that could match' : 'hides what could match'}: ${named.join(', ')}${more} (${why})`;
    return [{ code: all ? 'not-logged' : 'partly-logged', ruleId: info.id, ruleName: info.name, location, message }];
  }
}

function nameOf({ verb, resource, subresource }: PolicyRequest): string {
  return `${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`;
}

/** What an audit policy does not log of the requests that a rule is about: levels too low, stages left out. */
export function policyNotes(rule: Rule, fields: readonly FieldSpec[], policy: AuditPolicy): readonly LintNote[] {
  return new PolicyLinter(rule, fields, policy).notes();
}
