import { doneTo, type Finding, type Severity } from '../core/finding.ts';
import { columnsOf, pad, printable, shorten } from './printable.ts';
import { severityWords, terminalText } from './styled-line.ts';
import type { ZoneClock } from './zone-clock.ts';

export interface PrettyOptions {
  /** Width to fit into. */
  readonly columns: number;
  readonly colour: boolean;
  /** Show the date too. */
  readonly date?: boolean;
  /** The zone of times; UTC without it. */
  readonly clock?: ZoneClock;
}

/** Titles take this much, so that who did it stands in one column. */
const titleColumns = 40;

/**
 * A finding for people: time, severity, rule, who and from where; below it what was done and the evidence. Addresses
 * are pseudonyms, so they are shown with `~`. Control and bidirectional characters are taken out.
 */
export function prettyFinding(finding: Finding, options: PrettyOptions): string {
  const { rule, event } = finding;
  const time = timeText(finding.time, options);
  const head = `${time} ${severityWord(rule.severity, options.colour)} `;
  const indent = ' '.repeat(time.length + 6);
  const room = Math.max(24, options.columns - indent.length);
  const who = [event.user, event.sourceIPs.length > 0 ? `~${event.sourceIPs.at(-1)}` : undefined].filter(Boolean).join(' ');
  const title = printable(rule.name);
  const column = Math.max(titleColumns, columnsOf(title));
  const isBeside = column + 2 + columnsOf(who) <= room;
  const lines = [head + (isBeside ? `${pad(title, column)}  ${printable(who)}`.trimEnd() : shorten(title, room))];
  for (const text of details(finding, isBeside ? '' : who, options)) lines.push(indent + shorten(printable(text), room));
  return lines.join('\n');
}

function timeText(time: string, { date, clock }: PrettyOptions): string {
  if (!clock)
    return time
      .replace('T', ' ')
      .replace(/\..*$|Z$/, '')
      .slice(date ? 0 : 11);
  const shown = clock.show(time);
  return `${date ? `${shown.date} ` : ''}${shown.clock}${shown.offset}`;
}

export function severityWord(severity: Severity, colour: boolean): string {
  return terminalText([{ text: severityWords[severity], style: severity }], colour);
}

function details(finding: Finding, who: string, options: PrettyOptions): readonly string[] {
  const clock = (time: string): string => timeText(time, { ...options, date: false });
  const { event, episode, rolledUp, rule } = finding;
  const what = [doneTo(event), event.code === undefined ? '' : `→ ${event.code}`].filter(Boolean).join(' ');
  const seen = episode
    ? `${episode.count} times from ${clock(episode.first)} to ${clock(episode.last)}${groupOf(episode.group)}`
    : '';
  const rolled = rolledUp ? `${rolledUp.count} times until ${clock(rolledUp.last)}` : '';
  const tags = rule.tags.filter((tag) => /^attack\.t\d/i.test(tag)).map((tag) => tag.slice(7).toUpperCase());
  const change = finding.revision > 1 ? `revision ${finding.revision}` : '';
  const note = [...tags, change, finding.cluster, finding.id.slice(0, 8)].filter(Boolean).join(' · ');
  const intent = event.intent === undefined ? '' : `$ ${event.intent}`;
  return [who, what, intent, behind(finding, clock), seen, rolled, evidenceOf(finding), note].filter((text) => text !== '');
}

/** Who changed what a controller made this object from. */
function behind({ origin }: Finding, clock: (time: string) => string): string {
  if (!origin) return '';
  const address = origin.sourceIPs.at(-1);
  const who = [origin.user, address === undefined ? undefined : `~${address}`].filter(Boolean).join(' ');
  return `behind it: ${doneTo(origin)} at ${clock(origin.time)} by ${who}`;
}

function groupOf(group: Readonly<Record<string, string>>): string {
  const parts = Object.entries(group).map(([field, value]) => `${field}=${value}`);
  return parts.length === 0 ? '' : `, ${parts.join(' ')}`;
}

/** Fields that the lines above already show. */
const shown = new Set([
  'verb',
  'objectRef.resource',
  'objectRef.subresource',
  'objectRef.namespace',
  'objectRef.name',
  'user.username',
  'sourceIPs',
  'responseStatus.code',
  'stage',
  'level',
]);

function evidenceOf(finding: Finding): string {
  const fields = Object.entries(finding.evidence).filter(([field]) => !shown.has(field));
  return fields.map(([field, values]) => `${field}=${values.join(', ')}`).join('  ');
}
