import type { Finding } from '../../core/finding.ts';
import { summaryOf } from '../../findings/summary.ts';
import { plainTexts } from '../shared/plain-text.ts';

/** Longest value of a label and of an annotation. */
const labelCharacters = 256;
const annotationCharacters = 2_048;

export interface AlertOptions {
  readonly labels: Readonly<Record<string, string>>;
  readonly perFinding: boolean;
  readonly resolveAfterMs: number;
  readonly generatorUrl?: string | undefined;
}

/** An alert as `POST /api/v2/alerts` takes it. Its labels are its identity. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * A finding as an alert. Labels have few values: rule, severity, cluster, namespace; never users, objects or addresses, which stand in
 * annotations. It ends by itself some time after it was sent, and at once where its episode went into another one.
 * @returns undefined for an episode that was merged away and whose alert others share
 */
export function alertOf(finding: Finding, options: AlertOptions, nowMs: number): Alert | undefined {
  const isMerged = finding.episode?.mergedInto !== undefined;
  if (isMerged && !options.perFinding) return undefined;
  const { generatorUrl } = options;
  const startsAt = finding.episode?.first ?? finding.time;
  const endsMs = Math.max(isMerged ? nowMs : nowMs + options.resolveAfterMs, Date.parse(startsAt) + 1);
  return {
    // Alertmanager takes an empty label for a missing one.
    labels: plainTexts(labelsOf(finding, options), labelCharacters),
    annotations: plainTexts(annotationsOf(finding), annotationCharacters),
    startsAt,
    endsAt: new Date(endsMs).toISOString(),
    ...(generatorUrl !== undefined && { generatorURL: generatorUrl.replaceAll('{id}', encodeURIComponent(finding.id)) }),
  };
}

type Texts = Readonly<Record<string, string | number | undefined>>;

function labelsOf({ id, rule, cluster, event }: Finding, { labels, perFinding }: AlertOptions): Texts {
  return {
    ...labels,
    alertname: rule.name,
    rule_id: rule.id,
    severity: rule.severity,
    cluster,
    namespace: event.namespace,
    finding_id: perFinding ? id : undefined,
  };
}

function annotationsOf(finding: Finding): Texts {
  const { event, episode, rolledUp, rule } = finding;
  return {
    summary: summaryOf(finding),
    finding_id: finding.id,
    revision: finding.revision,
    user: event.user,
    verb: event.verb,
    resource: event.resource,
    object: event.name,
    source_ip: event.sourceIPs.at(-1),
    user_agent: event.userAgent,
    response_code: event.code,
    command: event.intent,
    audit_id: event.auditID,
    count: episode?.count ?? rolledUp?.count,
    tags: rule.tags.join(', '),
  };
}
