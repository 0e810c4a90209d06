import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean } from '../core/closest-word.ts';
import { Fault, type Location } from '../core/faults.ts';

export const auditLevels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type AuditLevel = (typeof auditLevels)[number];

const texts = z.array(z.string()).nullish();
const ruleShape = z.strictObject({
  level: z.enum(auditLevels),
  users: texts,
  userGroups: texts,
  verbs: texts,
  resources: z.array(z.strictObject({ group: z.string().nullish(), resources: texts, resourceNames: texts })).nullish(),
  namespaces: texts,
  nonResourceURLs: texts,
  omitStages: texts,
  omitManagedFields: z.boolean().nullish(),
});
const policyShape = z.strictObject({
  apiVersion: z.enum(['audit.k8s.io/v1', 'audit.k8s.io/v1beta1']),
  kind: z.literal('Policy'),
  metadata: z.unknown().optional(),
  omitStages: texts,
  omitManagedFields: z.boolean().nullish(),
  rules: z.array(ruleShape),
});

/** A rule of an audit policy. Empty lists mean "any". */
export interface PolicyRule {
  readonly level: AuditLevel;
  readonly location: Location;
  readonly verbs: readonly string[];
  readonly resources: readonly {
    readonly group: string;
    readonly resources: readonly string[];
    readonly names: readonly string[];
  }[];
  readonly namespaces: readonly string[];
  readonly nonResourceURLs: readonly string[];
  /** Whether it is only about some users. */
  readonly someUsers: boolean;
  readonly omitStages: readonly string[];
}

export interface AuditPolicy {
  readonly file: string;
  readonly rules: readonly PolicyRule[];
}

/** A request as far as a policy looks at it. Undefined: not known. */
export interface PolicyRequest {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  /** API group; undefined: any. */
  readonly group: string | undefined;
  readonly namespace: string | undefined;
}

/** Whether a policy rule decides about a request: certainly, perhaps (it is only about some users, namespaces, names), or not. */
export type Decides = 'yes' | 'maybe' | 'no';

/**
 * Reads an audit policy of the API server (audit.k8s.io/v1 Policy).
 * @throws Fault E_POLICY_SYNTAX, E_POLICY_VALUE with file, line and column
 */
export function parseAuditPolicy(file: string, text: string): AuditPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error) throw new Fault('the audit policy is not YAML', { code: 'E_POLICY_SYNTAX', location: locate(error.pos[0]) });
  const parsed = policyShape.safeParse(document.toJS());
  if (!parsed.success) throw faultOf(parsed.error.issues[0], (path) => locate(offsetOf(document, path)));
  const { rules, omitStages } = parsed.data;
  return {
    file,
    rules: rules.map((rule, i) => ({
      level: rule.level,
      location: locate(offsetOf(document, ['rules', i])),
      verbs: rule.verbs ?? [],
      resources: (rule.resources ?? []).map((item) => ({
        group: item.group ?? '',
        resources: item.resources ?? [],
        names: item.resourceNames ?? [],
      })),
      namespaces: rule.namespaces ?? [],
      nonResourceURLs: rule.nonResourceURLs ?? [],
      someUsers: (rule.users?.length ?? 0) + (rule.userGroups?.length ?? 0) > 0,
      omitStages: [...(omitStages ?? []), ...(rule.omitStages ?? [])],
    })),
  };
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return isMap(document.contents) || isSeq(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
}

function faultOf(issue: z.core.$ZodIssue | undefined, locate: (path: readonly PropertyKey[]) => Location): Fault {
  const where = issue?.path.join('.') ?? '';
  const location = locate(issue?.path ?? []);
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = Object.keys(issue.path.length === 0 ? policyShape.shape : ruleShape.shape);
    return new Fault(`unknown member "${key}" in the audit policy`, {
      code: 'E_POLICY_VALUE',
      location,
      remedy: didYouMean(key, known),
    });
  }
  const message = `the audit policy is wrong at "${where}": ${issue?.message ?? ''}`;
  return new Fault(message, { code: 'E_POLICY_VALUE', location, remedy: 'It is a Policy of audit.k8s.io/v1.' });
}

/** A whole kind, `pods/log`, all subresources of a kind, one subresource of all kinds (k8s.io/apiserver, checker of audit policies). */
function resourceMatches(wanted: string, resource: string, subresource: string): boolean {
  if (wanted === '*' || wanted === (subresource === '' ? resource : `${resource}/${subresource}`)) return true;
  if (subresource !== '' && wanted.startsWith('*/')) return wanted.slice(2) === subresource;
  return wanted.endsWith('/*') && wanted.slice(0, -2) === resource;
}

/** Whether a rule of the policy is the one that decides, were it the first. */
export function policyRuleDecides(rule: PolicyRule, request: PolicyRequest): Decides {
  const { verb, resource, subresource, group, namespace } = request;
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return 'no';
  if (rule.nonResourceURLs.length > 0 && rule.resources.length + rule.namespaces.length === 0) return 'no';
  let certain = !rule.someUsers;
  if (rule.namespaces.length > 0) {
    if (namespace === undefined) certain = false;
    else if (!rule.namespaces.includes(namespace)) return 'no';
  }
  if (rule.resources.length === 0) return certain ? 'yes' : 'maybe';
  const fitting = rule.resources.filter(
    (item) =>
      (group === undefined || item.group === group) &&
      (item.resources.length === 0 || item.resources.some((wanted) => resourceMatches(wanted, resource, subresource))),
  );
  if (fitting.length === 0) return 'no';
  return certain && group !== undefined && fitting.some((item) => item.names.length === 0) ? 'yes' : 'maybe';
}
