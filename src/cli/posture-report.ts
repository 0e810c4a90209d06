import type { PostureReport } from '../detection/posture/posture.ts';
import type { PracticeReport } from '../detection/posture/practice.ts';
import { printable, shorten } from './printable.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

/** Examples shown of one practice; JSON has more. */
const shownExamples = 3;

const words = { found: 'FOUND', none: 'none', unseen: 'not seen' } as const;

/** A posture report for people: first what was found with examples, then what is fine, then what this log cannot show. */
export function formatPosture(report: PostureReport, columns: number): string {
  const of = (status: PracticeReport['status']): readonly PracticeReport[] =>
    report.practices.filter((practice) => practice.status === status);
  const [found, none, unseen] = [of('found'), of('none'), of('unseen')];
  const parts = [headOf(report, [found.length, none.length, unseen.length])];
  for (const practice of found) parts.push(formatFound(practice, columns));
  if (none.length > 0) parts.push(`Looked for and not found:\n${table(none.map(noneRow), columns)}`);
  if (unseen.length > 0) parts.push(`Cannot be seen in this log:\n${formatUnseen(unseen, columns)}`);
  return `${parts.join('\n\n')}\n`;
}

function headOf(report: PostureReport, [found, none, unseen]: readonly [number, number, number]): string {
  const { from, to, events, unread, givenUp, serverMinor } = report;
  const span = from === undefined ? 'no event' : `${events} events from ${from} to ${to}`;
  const server = serverMinor === undefined ? '' : `, API server v1.${serverMinor}`;
  const lines = [
    `${span}${server}`,
    `${found} practices not followed, ${none} with nothing found, ${unseen} that this log cannot show`,
  ];
  if (unread > 0) lines.push(`${unread} events could not be read`);
  if (givenUp > 0) lines.push(`${givenUp} entries were given up because there were too many: counts are lower bounds`);
  return lines.join('\n');
}

function formatFound(practice: PracticeReport, columns: number): string {
  const { id, title, count, looked, why, remedy, examples, blind } = practice;
  const rows = examples
    .slice(0, shownExamples)
    .map(({ what, who = '', note = '', at = '' }) => ['   ', at.slice(0, 19), shorten(what, 60), shorten(note, 60), who]);
  const more = count > rows.length ? [`    … and ${count - rows.length} more`] : [];
  const partly = blind === undefined ? [] : [`    not all can be seen: ${printable(blind)}`];
  return [
    `${words.found}  ${id}  ${title}: ${count} (${looked} looked at)`,
    ...[why, remedy].flatMap((text) => wrap(text, columns, '    ')),
    table(rows, columns),
    ...more,
    ...partly,
  ].join('\n');
}

const noneRow = ({ id, title, looked, blind }: PracticeReport): readonly string[] => [
  '   ',
  id,
  `${title} (${looked} looked at)${blind === undefined ? '' : `; not all: ${blind}`}`,
];

/** Each reason once, with the practices it hides. */
function formatUnseen(unseen: readonly PracticeReport[], columns: number): string {
  const reasons = new Map<string, PracticeReport[]>();
  for (const practice of unseen) {
    const reason = practice.blind ?? 'nothing of it was logged';
    reasons.set(reason, [...(reasons.get(reason) ?? []), practice]);
  }
  return [...reasons]
    .map(([reason, practices]) => {
      const rows = practices.map(({ id, title }) => ['   ', id, title]);
      return [table(rows, columns), ...wrap(`because ${reason}`, columns, '        ')].join('\n');
    })
    .join('\n');
}
