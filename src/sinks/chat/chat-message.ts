import { type Finding, graver, type Severity, severities } from '../../core/finding.ts';
import { confineText } from './confine-text.ts';

/** What a message for a chat room says, before it has the form of one. All texts are confined. */
export interface ChatMessage {
  /** `3 findings: 1 critical, 2 high` */
  readonly title: string;
  readonly gravest: Severity;
  readonly details: readonly ChatDetail[];
  /** Of what is not among the details: a line for each rule. */
  readonly rest: readonly string[];
}

export interface ChatDetail {
  readonly title: string;
  readonly severity: Severity;
  readonly lines: readonly (readonly [label: string, value: string])[];
  readonly link?: string;
}

export interface ChatMessageOptions {
  readonly details: number;
  readonly updates: boolean;
  readonly linkUrl?: string | undefined;
}

const valueCharacters = 300;
const ruleLines = 10;

/**
 * One message for all findings of a window: counts, the gravest in full, the others by rule. Episodes that went into others, and later
 * revisions unless they are wanted, are left out.
 * @returns undefined where nothing is left to tell
 */
export function chatMessage(findings: readonly Finding[], options: ChatMessageOptions): ChatMessage | undefined {
  const told = findings.filter(
    ({ revision, episode }) => episode?.mergedInto === undefined && (options.updates || revision <= 1),
  );
  const gravest = [...told].sort((a, b) => graver(a.rule.severity, b.rule.severity));
  const first = gravest[0];
  if (!first) return undefined;
  const shown = new Set(gravest.slice(0, options.details));
  return {
    title: titleOf(told),
    gravest: first.rule.severity,
    // In the order in which they came, so that a sequence reads as one.
    details: told.filter((finding) => shown.has(finding)).map((finding) => detailOf(finding, options.linkUrl)),
    rest: byRule(gravest.filter((finding) => !shown.has(finding))),
  };
}

function titleOf(findings: readonly Finding[]): string {
  const counts = [...severities]
    .reverse()
    .map((severity) => [severity, findings.filter(({ rule }) => rule.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}`);
  const clusters = [...new Set(findings.map(({ cluster }) => cluster))].filter((cluster) => cluster !== '');
  const where = clusters.length === 1 ? ` in ${confineText(clusters[0]!, 64)}` : '';
  return `${findings.length === 1 ? '1 finding' : `${findings.length} findings`}${where}: ${counts.join(', ')}`;
}

function detailOf({ id, revision, rule, time, event, episode, rolledUp }: Finding, linkUrl: string | undefined): ChatDetail {
  const object = [event.namespace, event.name].filter((part) => part !== undefined).join('/');
  const what = [event.verb, event.resource, object].filter((part) => part !== undefined && part !== '').join(' ');
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ['did', what],
    ['who', event.user],
    ['from', event.sourceIPs.at(-1)],
    ['with', event.userAgent],
    ['command', event.intent],
    ['answer', event.code],
    ['times', episode?.count ?? rolledUp?.count],
    ['at', time],
    ['id', revision > 1 ? `${id} revision ${revision}` : id],
  ];
  return {
    title: confineText(rule.name, valueCharacters),
    severity: rule.severity,
    lines: lines
      .map(([label, value]) => [label, confineText(String(value ?? ''), valueCharacters)] as const)
      .filter(([, value]) => value !== ''),
    ...(linkUrl !== undefined && { link: linkUrl.replaceAll('{id}', encodeURIComponent(id)) }),
  };
}

function byRule(findings: readonly Finding[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { rule } of findings) {
    const line = `${rule.severity} ${confineText(rule.name, 120)}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, count]) => `${count} × ${line}`);
  const more = lines.length - ruleLines;
  return more > 0 ? [...lines.slice(0, ruleLines), `and ${more} more rules`] : lines;
}
