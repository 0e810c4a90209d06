import type { Finding } from '../core/finding.ts';
import { plainJson } from './plain-json.ts';

/** A finding as one line of JSON: `rule`, `event`, `episode` and `revision` first, then the rest. No line end. */
export function formatFinding(finding: Finding): string {
  const { rule, event, episode, revision, id, time, cluster, evidence, rolledUp, output, origin } = finding;
  return plainJson({
    rule: {
      id: rule.id,
      name: rule.name,
      severity: rule.severity,
      covers: rule.covers,
      author: rule.author,
      licence: rule.licence,
      tags: rule.tags,
    },
    event,
    episode,
    revision,
    id,
    time,
    cluster: cluster === '' ? undefined : cluster,
    evidence,
    output,
    origin,
    rolledUp,
  });
}
