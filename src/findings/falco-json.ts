import type { Finding, Severity } from '../core/finding.ts';
import { attackOf, techniqueId } from './attack-tags.ts';
import { summaryOf } from './summary.ts';

/** Falco's priorities as its JSON output spells them. */
const priorities: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'Error',
  medium: 'Warning',
  low: 'Notice',
  informational: 'Informational',
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** A text for fields that hold several values: the receivers of this format take texts and numbers only. */
const joined = (values: readonly string[]): string => values.join(',');

function fieldsOf(finding: Finding): Readonly<Record<string, string | number>> {
  const { rule, event, episode, evidence, cluster } = finding;
  const [resource, subresource] = (event.resource ?? '').split('/');
  const all: Readonly<Record<string, string | number | undefined>> = {
    'ka.auditid': event.auditID,
    'ka.stage': event.stage,
    'ka.verb': event.verb,
    'ka.user.name': event.user,
    'ka.target.resource': resource,
    'ka.target.subresource': subresource,
    'ka.target.namespace': event.namespace,
    'ka.target.name': event.name,
    'ka.sourceips': joined(event.sourceIPs),
    'ka.useragent': event.userAgent,
    'ka.response.code': event.code === undefined ? undefined : String(event.code),
    'auditveil.intent': event.intent,
    'ka.cluster.name': cluster,
    'auditveil.origin.user': finding.origin?.user,
    'auditveil.origin.verb': finding.origin?.verb,
    'auditveil.origin.resource': finding.origin?.resource,
    'auditveil.origin.name': finding.origin?.name,
    'auditveil.origin.time': finding.origin?.time,
    'auditveil.id': finding.id,
    'auditveil.revision': finding.revision,
    'auditveil.rule.id': rule.id,
    'auditveil.rule.author': rule.author,
    'auditveil.rule.licence': rule.licence,
    'auditveil.episode.count': episode?.count ?? finding.rolledUp?.count,
    'auditveil.episode.first': episode?.first,
    'auditveil.episode.last': episode?.last ?? finding.rolledUp?.last,
    'auditveil.episode.merged_into': episode?.mergedInto,
  };
  const shown = Object.entries(all).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  );
  const seen = Object.entries(evidence).map(([name, values]) => [`auditveil.evidence.${name}`, joined(values)] as const);
  return Object.fromEntries([...shown, ...seen, ...Object.entries(finding.output?.fields ?? {})]);
}

function tagsOf(tags: readonly string[]): readonly string[] {
  const { tactics, techniques } = attackOf(tags);
  const others = tags.filter((tag) => !/^attack\./i.test(tag));
  const all = [
    'k8s',
    ...tactics.map(({ tag }) => `mitre_${tag.replaceAll('-', '_')}`),
    ...techniques.map(techniqueId),
    ...others,
  ];
  return [...new Set(all)];
}

/**
 * A finding in the shape of Falco's JSON output (`json_output: true`), so that falcosidekick and what reads Falco can
 * take it. `output_fields` holds texts and numbers only; fields of audit events have the names of Falco's k8saudit plugin.
 */
export function falcoFinding(finding: Finding): object {
  const { output } = finding;
  const priority = output ? capital(output.priority) : priorities[finding.rule.severity];
  return {
    uuid: finding.id,
    time: finding.time,
    rule: finding.rule.name,
    priority,
    source: 'k8s_audit',
    output: `${finding.time}: ${priority} ${output?.text ?? summaryOf(finding)}`,
    output_fields: fieldsOf(finding),
    tags: tagsOf(finding.rule.tags),
    ...(finding.cluster === '' ? {} : { hostname: finding.cluster }),
  };
}
