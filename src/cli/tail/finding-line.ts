import type { Finding } from '../../core/finding.ts';
import type { ReviewState } from '../../core/review.ts';
import { columnsOf, pad, printable, shorten, shortenMiddle } from '../printable.ts';
import { type Span, type StyledLine, severityWords } from '../styled-line.ts';
import type { ZoneClock } from '../zone-clock.ts';
import { type FindingParts, partsOf, shortUser, shortWhat } from './finding-parts.ts';

export interface LineStyle {
  /** Width to fit into; undefined: nothing is cut. */
  readonly columns: number | undefined;
  readonly clock: ZoneClock;
  /** Date of today in that zone: other days are named. */
  readonly today: string;
}

export interface ItemState {
  readonly state: ReviewState;
  readonly silence?: string;
}

/** What people said of it, in a letter: acknowledged, closed, silenced. */
export const stateMark = ({ state, silence }: ItemState): string =>
  state === 'closed' ? 'x' : state === 'acknowledged' ? 'a' : silence === undefined ? ' ' : 's';

/** One line for a finding. Where it need not fit, times are whole and pseudonyms too, so that what follows can search for them. */
export function findingLine(finding: Finding, style: LineStyle, item?: ItemState): StyledLine {
  const { columns } = style;
  const parts = partsOf(finding);
  const { severity } = finding.rule;
  const head: readonly Span[] = [
    ...(item === undefined ? [] : [{ text: stateMark(item) }]),
    { text: `${timeText(finding.time, style)} `, style: 'dim' },
    { text: severityWords[severity], style: severity },
    { text: ' ' },
  ];
  const used = head.reduce((sum, { text }) => sum + columnsOf(text), 0);
  return [...head, ...(columns === undefined ? wide(parts) : narrow(parts, columns - used))];
}

function timeText(time: string, { columns, clock, today }: LineStyle): string {
  const shown = clock.show(time);
  if (columns === undefined) return `${shown.date} ${shown.clock}${shown.offset}`;
  return shown.date === today ? shown.clock : `${shown.date.slice(-5)} ${shown.clock}`;
}

function wide({ rule, who, from, where, code, what, count, span }: FindingParts): readonly Span[] {
  const often = span === '' ? count : `${count} in ${span}`;
  const cells = [pad(printable(rule), 40), who || '-', from || '-', where, code || '-', what || '-', often];
  return [{ text: cells.map(printable).filter(Boolean).join('  ') }];
}

/** From so many columns on there is room for address and namespace in columns of their own. */
const roomyColumns = 125;

function narrow(parts: FindingParts, room: number): readonly Span[] {
  const isRoomy = room >= roomyColumns;
  // What was done gets what rule and actor leave.
  const ruleColumns = Math.max(12, Math.min(40, Math.floor(room * 0.4)));
  const whoColumns = Math.max(8, Math.min(26, Math.floor(room * 0.22)));
  const cells: Span[] = [
    { text: cell(parts.rule, ruleColumns), style: 'bold' },
    { text: pad(shortenMiddle(printable(shortUser(parts.who) || '-'), whoColumns - 1), whoColumns) },
  ];
  if (isRoomy) cells.push({ text: cell(parts.from, 17) }, { text: cell(parts.where, 14) });
  cells.push({ text: cell(parts.code || '-', 4) });
  const what = [parts.count, shortWhat(parts.what) || '-'].filter(Boolean).join(' ');
  return [...cells, { text: printable(what) }];
}

/** A text in exactly so many columns, of which the last is blank. */
function cell(text: string, columns: number): string {
  return pad(shorten(printable(text), columns - 1), columns);
}
