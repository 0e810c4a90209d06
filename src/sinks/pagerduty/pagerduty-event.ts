import type { Finding, Severity } from '../../core/finding.ts';
import type { Product } from '../../core/product.ts';
import { summaryOf } from '../../findings/summary.ts';
import { plainText, plainTexts } from '../shared/plain-text.ts';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  informational: 'info',
};

/** Bounds of the Events API v2. */
const keyCharacters = 255;
const summaryCharacters = 1_024;
const detailCharacters = 1_024;

/** An event without its routing key: a trigger, or the end of an episode that went into another one. */
export function pagerdutyEvent(finding: Finding, product: Product, linkUrl: string | undefined): object {
  const dedupKey = finding.id.slice(0, keyCharacters);
  if (finding.episode?.mergedInto !== undefined) return { event_action: 'resolve', dedup_key: dedupKey };
  const { rule, event, cluster } = finding;
  const short = (text: string): string => plainText(text, keyCharacters);
  return {
    event_action: 'trigger',
    dedup_key: dedupKey,
    client: product.name,
    ...(linkUrl !== undefined && { client_url: linkUrl.replaceAll('{id}', encodeURIComponent(finding.id)) }),
    payload: {
      summary: plainText(summaryOf(finding), summaryCharacters),
      source: short(cluster === '' ? 'kubernetes' : cluster),
      severity: severities[rule.severity],
      timestamp: finding.time,
      ...(event.resource !== undefined && { component: short(event.resource) }),
      ...(event.namespace !== undefined && { group: short(event.namespace) }),
      class: short(rule.name),
      custom_details: detailsOf(finding),
    },
  };
}

function detailsOf({ id, revision, rule, event, episode, rolledUp }: Finding): Readonly<Record<string, string>> {
  const details = {
    finding: id,
    revision,
    rule: rule.id,
    severity: rule.severity,
    tags: rule.tags.join(', '),
    user: event.user,
    verb: event.verb,
    object: event.name,
    source_ip: event.sourceIPs.at(-1),
    user_agent: event.userAgent,
    response_code: event.code,
    command: event.intent,
    audit_id: event.auditID,
    count: episode?.count ?? rolledUp?.count,
  };
  return plainTexts(details, detailCharacters);
}
