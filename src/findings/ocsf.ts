import type { Finding, Severity } from '../core/finding.ts';
import type { Product } from '../core/product.ts';
import { attackOf } from './attack-tags.ts';
import { summaryOf } from './summary.ts';

/** Values of `severity_id` (OCSF 1.8.0 dictionary). */
const severityIds: Readonly<Record<Severity, number>> = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 };
const classUid = 2004;
const categoryUid = 2;
/** `user.type_id`: 1 is a person or a certificate, 3 the system itself, 4 a service. */
const userTypes = { user: 1, system: 3, service: 4 } as const;

/** Create, Update and Close of the class `finding`: an episode that was merged into another one is over. */
function activityOf(finding: Finding): {
  readonly id: number;
  readonly name: string;
  readonly status: number;
  readonly label: string;
} {
  if (finding.episode?.mergedInto !== undefined) return { id: 3, name: 'Close', status: 5, label: 'Archived' };
  return finding.revision > 1
    ? { id: 2, name: 'Update', status: 1, label: 'New' }
    : { id: 1, name: 'Create', status: 1, label: 'New' };
}

const milliseconds = (time: string): number => Date.parse(time);

function attacksOf(tags: readonly string[]): readonly object[] {
  const { tactics, techniques } = attackOf(tags);
  const tactic = tactics[0];
  const common = { version: '16', ...(tactic && { tactic: { uid: tactic.id, name: tactic.name } }) };
  if (techniques.length === 0) return tactic ? [common] : [];
  return techniques.map(({ id, subId }) => ({
    ...common,
    technique: { uid: id },
    ...(subId === undefined ? {} : { sub_technique: { uid: subId } }),
  }));
}

function userOf(name: string): object {
  const kind = name.startsWith('system:serviceaccount:') ? 'service' : name.startsWith('system:') ? 'system' : 'user';
  return { name, type_id: userTypes[kind] };
}

function evidenceOf({ event, evidence, rule }: Finding): object {
  const peer = event.sourceIPs.at(-1);
  return {
    ...(event.auditID === undefined ? {} : { uid: event.auditID }),
    name: rule.name,
    ...(event.user ? { actor: { user: userOf(event.user) } } : {}),
    api: {
      operation: event.verb ?? 'unknown',
      service: { name: 'kube-apiserver' },
      ...(event.auditID === undefined ? {} : { request: { uid: event.auditID } }),
      ...(event.code === undefined ? {} : { response: { code: event.code } }),
    },
    ...(peer === undefined ? {} : { src_endpoint: { ip: peer, intermediate_ips: event.sourceIPs.slice(0, -1) } }),
    ...(event.userAgent === undefined ? {} : { http_request: { user_agent: event.userAgent } }),
    data: { stage: event.stage, ...(event.intent === undefined ? {} : { intent: event.intent }), fields: evidence },
  };
}

function resourcesOf({ event, cluster }: Finding): readonly object[] {
  if (event.resource === undefined) return [];
  return [
    {
      type: event.resource,
      name: event.name ?? event.resource,
      ...(event.namespace === undefined ? {} : { namespace: event.namespace }),
      ...(cluster === '' ? {} : { group: { name: cluster, type: 'cluster' } }),
    },
  ];
}

/**
 * A finding as an OCSF 1.8.0 Detection Finding (class 2004). `time` is event time in milliseconds: the same finding
 * gives the same record however often it is written. What has no place in the class stands below `unmapped`.
 */
export function ocsfFinding(finding: Finding, product: Product): object {
  const { rule, episode, rolledUp } = finding;
  const activity = activityOf(finding);
  const first = milliseconds(episode?.first ?? finding.time);
  const last = milliseconds(rolledUp?.last ?? episode?.last ?? finding.time);
  const count = episode?.count ?? rolledUp?.count;
  return {
    class_uid: classUid,
    class_name: 'Detection Finding',
    category_uid: categoryUid,
    category_name: 'Findings',
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: classUid * 100 + activity.id,
    type_name: `Detection Finding: ${activity.name}`,
    time: milliseconds(finding.time),
    start_time: first,
    end_time: last,
    ...(count === undefined ? {} : { count }),
    severity_id: severityIds[rule.severity],
    severity: `${rule.severity.charAt(0).toUpperCase()}${rule.severity.slice(1)}`,
    status_id: activity.status,
    status: activity.label,
    is_alert: activity.id !== 3 && severityIds[rule.severity] >= severityIds.medium,
    message: summaryOf(finding),
    metadata: {
      version: '1.8.0',
      product: { name: product.name, vendor_name: product.name, version: product.version },
      log_name: 'kubernetes-audit',
      uid: `${finding.id}-${finding.revision}`,
      original_time: finding.time,
    },
    finding_info: {
      uid: finding.id,
      title: rule.name,
      analytic: { uid: rule.id, name: rule.name, type_id: 1, type: 'Rule' },
      attacks: attacksOf(rule.tags),
      created_time: first,
      first_seen_time: first,
      last_seen_time: last,
      ...(count === undefined ? {} : { related_events_count: count }),
    },
    evidences: [evidenceOf(finding)],
    resources: resourcesOf(finding),
    unmapped: {
      rule: { author: rule.author, license: rule.licence, covers: rule.covers, tags: rule.tags },
      revision: finding.revision,
      ...(episode ? { episode } : {}),
      ...(finding.origin ? { origin: finding.origin } : {}),
      ...(finding.cluster === '' ? {} : { cluster: finding.cluster }),
    },
  };
}
