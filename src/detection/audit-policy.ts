import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { didYouMean } from '../core/closest-word.ts';
import { Fault, type Location } from '../core/faults.ts';
import { resourcePath } from './kubernetes-resources.ts';

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
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  readonly omitStages: readonly string[];
}

export interface AuditPolicy {
  readonly file: string;
  readonly rules: readonly PolicyRule[];
}

/** Who asks, as far as a policy looks at it. Without a user name: nobody, because the API server could not tell (401). */
export interface Caller {
  readonly username: string | undefined;
  readonly groups: readonly string[];
}

/** A request as far as a policy looks at it. Without a resource it is one for a path. */
export interface PolicyRequest {
  readonly verb: string;
  readonly resource: string | undefined;
  readonly subresource: string;
  readonly group: string;
  /** Empty for all namespaces and for what is in none. */
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly caller: Caller;
}

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
      users: rule.users ?? [],
      userGroups: rule.userGroups ?? [],
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
  if (wanted === '*' || wanted === resourcePath(resource, subresource)) return true;
  if (subresource !== '' && wanted.startsWith('*/')) return wanted.slice(2) === subresource;
  return wanted.endsWith('/*') && wanted.slice(0, -2) === resource;
}

function pathMatches(wanted: string, path: string): boolean {
  return wanted === path || (wanted.endsWith('*') && path.startsWith(wanted.replace(/\*+$/, '')));
}

function objectMatches({ namespaces, resources }: PolicyRule, request: PolicyRequest): boolean {
  const { resource, subresource, group, namespace, name } = request;
  if (resource === undefined || (namespaces.length > 0 && !namespaces.includes(namespace))) return false;
  return (
    resources.length === 0 ||
    resources.some(
      (item) =>
        item.group === group &&
        (item.resources.length === 0 ||
          ((item.names.length === 0 || item.names.includes(name)) &&
            item.resources.some((wanted) => resourceMatches(wanted, resource, subresource)))),
    )
  );
}

/** Whether a rule of a policy fits a request (k8s.io/apiserver, checker of audit policies). */
export function policyRuleFits(rule: PolicyRule, request: PolicyRequest): boolean {
  const { username, groups } = request.caller;
  if (rule.users.length > 0 && (username === undefined || !rule.users.includes(username))) return false;
  if (rule.userGroups.length > 0 && !groups.some((group) => rule.userGroups.includes(group))) return false;
  if (rule.verbs.length > 0 && !rule.verbs.includes(request.verb)) return false;
  if (rule.namespaces.length + rule.resources.length > 0) return objectMatches(rule, request);
  if (rule.nonResourceURLs.length === 0) return true;
  return request.resource === undefined && rule.nonResourceURLs.some((wanted) => pathMatches(wanted, request.path));
}

/** The first rule that fits decides; undefined where none does, and then nothing is logged. */
export function decidingRule(policy: AuditPolicy, request: PolicyRequest): PolicyRule | undefined {
  return policy.rules.find((rule) => policyRuleFits(rule, request));
}
