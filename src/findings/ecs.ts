import type { Finding, Severity } from '../core/finding.ts';
import { parseIpv4, parseIpv6 } from '../core/ip-address.ts';
import type { Product } from '../core/product.ts';
import { attackOf } from './attack-tags.ts';
import { summaryOf } from './summary.ts';

/** `event.severity`: the same numbers as the risk scores of Elastic's own detection rules, so that both sort together. */
const severityNumbers: Readonly<Record<Severity, number>> = { informational: 1, low: 21, medium: 47, high: 73, critical: 99 };

const isAddress = (text: string): boolean => (parseIpv4(text) ?? parseIpv6(text)) !== undefined;

/** `event.outcome` and the `event.type` that goes with it, from the response code. */
function outcomeOf(code: number | undefined): { readonly outcome: string; readonly type: string } {
  if (code === undefined) return { outcome: 'unknown', type: 'info' };
  if (code === 401 || code === 403) return { outcome: 'failure', type: 'denied' };
  return code >= 400 ? { outcome: 'failure', type: 'info' } : { outcome: 'success', type: 'allowed' };
}

function threatOf(tags: readonly string[]): object {
  const { tactics, techniques } = attackOf(tags);
  if (tactics.length + techniques.length === 0) return {};
  const subs = techniques.flatMap(({ subId }) => subId ?? []);
  return {
    threat: {
      framework: 'MITRE ATT&CK',
      tactic: { id: tactics.map(({ id }) => id), name: tactics.map(({ name }) => name) },
      technique: {
        id: [...new Set(techniques.map(({ id }) => id))],
        ...(subs.length > 0 ? { subtechnique: { id: subs } } : {}),
      },
    },
  };
}

function orchestratorOf({ event, cluster }: Finding): object {
  return {
    type: 'kubernetes',
    ...(cluster === '' ? {} : { cluster: { name: cluster } }),
    ...(event.namespace === undefined ? {} : { namespace: event.namespace }),
    ...(event.resource === undefined ? {} : { resource: { type: event.resource, name: event.name } }),
  };
}

function callerOf({ event, origin }: Finding): object {
  const addresses = event.sourceIPs.filter(isAddress);
  const peer = addresses.at(-1);
  return {
    ...(event.user ? { user: { name: event.user } } : {}),
    ...(peer === undefined ? {} : { source: { ip: peer } }),
    ...(event.userAgent === undefined ? {} : { user_agent: { original: event.userAgent } }),
    ...(event.code === undefined ? {} : { http: { response: { status_code: event.code } } }),
    related: { ip: [...new Set(addresses)], user: [...new Set([event.user, origin?.user])].filter(Boolean) },
  };
}

/**
 * A finding as an alert of the Elastic Common Schema. Evidence is a list of names and values, not an object: paths of
 * rules would otherwise each become a field of the index. `event.original` is never filled.
 */
export function ecsFinding(finding: Finding, product: Product): object {
  const { rule, event, episode, rolledUp } = finding;
  const { outcome, type } = outcomeOf(event.code);
  return {
    '@timestamp': finding.time,
    ecs: { version: '8.17.0' },
    message: summaryOf(finding),
    event: {
      kind: 'alert',
      category: ['intrusion_detection'],
      type: [type],
      outcome,
      id: `${finding.id}-${finding.revision}`,
      module: 'kubernetes',
      dataset: 'kubernetes.audit_logs',
      provider: 'kube-apiserver',
      severity: severityNumbers[rule.severity],
      ...(event.verb === undefined ? {} : { action: event.verb }),
      ...(episode ? { start: episode.first, end: episode.last } : {}),
    },
    rule: {
      id: rule.id,
      name: rule.name,
      ...(rule.author === undefined ? {} : { author: [rule.author] }),
      ...(rule.licence === undefined ? {} : { license: rule.licence }),
    },
    ...threatOf(rule.tags),
    observer: { vendor: product.name, product: product.name, version: product.version, type: 'ids' },
    orchestrator: orchestratorOf(finding),
    ...callerOf(finding),
    tags: rule.tags,
    auditveil: {
      finding: { id: finding.id, revision: finding.revision, severity: rule.severity, covers: rule.covers },
      audit: { id: event.auditID, stage: event.stage, ...(event.intent === undefined ? {} : { intent: event.intent }) },
      evidence: Object.entries(finding.evidence).map(([field, values]) => ({ field, values })),
      ...(episode ? { episode: { ...episode, group: groupOf(episode.group) } } : {}),
      ...(rolledUp ? { rolledUp } : {}),
      ...(finding.origin ? { origin: finding.origin } : {}),
    },
  };
}

function groupOf(group: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(group).map(([field, value]) => ({ field, values: [value] }));
}
