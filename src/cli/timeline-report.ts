import { plainJson } from '../findings/plain-json.ts';
import type { Action, StageSeen } from '../findings/timeline.ts';
import { severityWord } from './pretty-finding.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

export interface TimelineStyle {
  readonly columns: number;
  readonly colour: boolean;
  /** Nothing for longer than this is shown as a gap, ms. */
  readonly gapMs: number;
}

export interface TimelineParts {
  /** As in masked events. */
  readonly principal: string;
  readonly actions: readonly Action[];
  readonly stages: readonly StageSeen[];
  readonly leftOut: number;
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A line for each action, the findings of it below; days, gaps, and other addresses and agents between them. */
export function timelineText({ principal, actions, stages, leftOut }: TimelineParts, style: TimelineStyle): string {
  const lines = [`What ${printable(principal)} did, UTC`];
  let before: Action | undefined;
  for (const action of actions) {
    if (before && action.timeMs - before.lastMs > style.gapMs)
      lines.push(`         ⋮ nothing for ${spanOf(action.timeMs - before.lastMs)}`);
    if (!before || day(before.timeMs) !== day(action.timeMs)) lines.push(day(action.timeMs));
    lines.push(...linesOf(action, !before, style));
    before = action;
  }
  if (leftOut > 0) lines.push(`         … and ${leftOut} more, which were not kept`);
  if (stages.length === 0) return `${lines.join('\n')}\n`;
  const rows = stages.map(({ tactic, firstMs, lastMs, findings }) => [
    tactic.name,
    tactic.id,
    `${day(firstMs)} ${clock(firstMs)}`,
    `${day(lastMs)} ${clock(lastMs)}`,
    String(findings),
  ]);
  return `${lines.join('\n')}\n\n${table([['STAGE', 'ATT&CK', 'FIRST', 'LAST', 'FINDINGS'], ...rows], style.columns)}\n`;
}

function linesOf(
  { timeMs, lastMs, count, event, names, nameCount, marks, newPlace, newAgent }: Action,
  first: boolean,
  style: TimelineStyle,
): readonly string[] {
  const { columns, colour } = style;
  const more = nameCount > names.length ? ` and ${nameCount - names.length} more` : '';
  const place = [event.namespace, names.join(', ') + more].filter(Boolean).join('/');
  const what = [event.verb, event.resource, place, event.code === undefined ? '' : `→ ${event.code}`].filter(Boolean).join(' ');
  const often = count === 1 ? '' : ` × ${count} until ${clock(lastMs)}`;
  const intent = event.intent === undefined ? '' : `   $ ${event.intent}`;
  const peer = event.sourceIPs.at(-1);
  const from = [
    (first || newPlace) && peer !== undefined ? `from ~${peer}` : '',
    (first || newAgent) && event.userAgent !== undefined ? `with ${event.userAgent}` : '',
  ].filter(Boolean);
  return [
    ...(from.length === 0 ? [] : wrap(from.join(' '), columns, '         ⋮')),
    ...wrap(`${clock(timeMs)} ${what}${often}${intent}`, columns, ''),
    ...marks.map(({ name, severity, tactics, techniques }) => {
      const stage = [...tactics.map((tactic) => tactic.name), ...techniques].join(', ');
      return `         ${severityWord(severity, colour)} ${printable(name)}${stage === '' ? '' : ` [${stage}]`}`;
    }),
  ];
}

/** `3 h 20 min`, `2 days 4 h`. */
export function spanOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  const parts = [days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : '', hours > 0 ? `${hours} h` : ''];
  if (days === 0 && minutes % 60 > 0) parts.push(`${minutes % 60} min`);
  return parts.filter(Boolean).join(' ') || 'under a minute';
}

/** One line of JSON for each action, then one for each stage. */
export function timelineJson({ principal, actions, stages, leftOut }: TimelineParts): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  const lines = [
    { type: 'principal', principal, actions: actions.length, leftOut },
    ...actions.map(({ timeMs, lastMs, count, event, names, nameCount, marks }) => ({
      type: 'action',
      time: time(timeMs),
      ...(count > 1 ? { last: time(lastMs), count, names, nameCount } : {}),
      event,
      findings: marks.map(({ tactics, ...mark }) => ({ ...mark, tactics: tactics.map(({ tag }) => tag) })),
    })),
    ...stages.map(({ tactic, firstMs, lastMs, findings }) => ({
      type: 'stage',
      tactic: tactic.tag,
      id: tactic.id,
      first: time(firstMs),
      last: time(lastMs),
      findings,
    })),
  ];
  return lines.map((line) => `${plainJson(line)}\n`).join('');
}
