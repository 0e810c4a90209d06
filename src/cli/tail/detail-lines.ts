import type { EventRowView } from '../../core/event-store.ts';
import { doneTo, type Finding } from '../../core/finding.ts';
import type { Review } from '../../core/review.ts';
import { plainJson } from '../../findings/plain-json.ts';
import type { FindingDetail, FindingItem } from '../../web/api.ts';
import { columnsOf, pad, printable, widthOf } from '../printable.ts';
import { type StyledLine, severityWords } from '../styled-line.ts';
import type { ZoneClock } from '../zone-clock.ts';
import { partsOf, shortWhat, spanOf } from './finding-parts.ts';

/** What is known of a finding besides itself: `loading`, or why it cannot be had. */
export type Known = FindingDetail | 'loading' | { readonly problem: string };

const labelColumns = 10;
/** More of an event than this nobody reads on a terminal; what is left out is said. */
const eventCharacters = 256 * 1024;
const heading = (text: string): readonly StyledLine[] => [[], [{ text, style: 'bold' }]];

/** All there is to say of a finding, in lines of at most so many columns; nothing is cut. */
export function detailLines(item: FindingItem, known: Known, columns: number, clock: ZoneClock): readonly StyledLine[] {
  const { finding } = item;
  const more = known === 'loading' || 'problem' in known ? undefined : known;
  const reviews = more?.reviews ?? (item.lastReview ? [item.lastReview] : []);
  const rest =
    more === undefined
      ? [[], [{ text: known === 'loading' ? 'Looking for the event and what else this user did …' : problemOf(known) }]]
      : [...aroundLines(more.around, finding, columns, clock), ...eventLines(more.event, columns)];
  return [
    [
      { text: severityWords[finding.rule.severity], style: finding.rule.severity },
      { text: ` ${finding.rule.name}`, style: 'bold' },
    ],
    ...factLines(finding, columns, clock),
    ...heading('Matched on (masked)'),
    ...Object.entries(finding.evidence).flatMap(([field, values]) => fact(field, values.join(', '), columns)),
    ...reviewLines(item, reviews, columns, clock),
    ...rest,
  ];
}

const problemOf = (known: Known): string => (typeof known === 'object' && 'problem' in known ? known.problem : '');

function factLines(finding: Finding, columns: number, clock: ZoneClock): readonly StyledLine[] {
  const { rule, event, episode, rolledUp, origin, output } = finding;
  const at = (time: string): string => {
    const shown = clock.show(time);
    return `${shown.date} ${shown.clock}${shown.offset}`;
  };
  const facts: readonly (readonly [label: string, text: string | undefined])[] = [
    ['when', at(finding.time)],
    ['who', event.user],
    ['from', [event.sourceIPs.map((address) => `~${address}`).join(', '), event.userAgent].filter(Boolean).join('  ')],
    ['did', doneTo(event)],
    ['typed', event.intent === undefined ? undefined : `$ ${event.intent}`],
    ['answer', event.code === undefined ? undefined : String(event.code)],
    ['behind it', origin && `${origin.user ?? '?'}: ${doneTo(origin)} at ${at(origin.time)}`],
    ['says', output?.text],
    [
      'often',
      episode &&
        `${episode.count} times from ${at(episode.first)} to ${at(episode.last)}  ${Object.entries(episode.group)
          .map(([field, value]) => `${field}=${value}`)
          .join(' ')}`,
    ],
    ['rolled up', rolledUp && `${rolledUp.count} times until ${at(rolledUp.last)}`],
    ['rule', [rule.id, rule.author && `by ${rule.author}`, rule.licence].filter(Boolean).join('  ')],
    ['tags', rule.tags.join(' ')],
    ['finding', [finding.id, `revision ${finding.revision}`, finding.cluster].filter(Boolean).join('  ')],
  ];
  return facts.flatMap(([label, text]) => (text ? fact(label, text, columns) : []));
}

/** A label and its text, on as many lines as it takes. */
function fact(label: string, text: string, columns: number): readonly StyledLine[] {
  const head = pad(printable(label), labelColumns);
  const isLong = columnsOf(head) > labelColumns || columns < 3 * labelColumns;
  const indent = isLong ? 4 : labelColumns + 1;
  const pieces = hardWrap(text, Math.max(4, columns - indent));
  const lines = pieces.map((piece): StyledLine => [{ text: ' '.repeat(indent) + piece }]);
  if (isLong) return [...hardWrap(label, columns).map((piece): StyledLine => [{ text: piece, style: 'dim' }]), ...lines];
  return [[{ text: `${head} `, style: 'dim' }, { text: pieces[0] ?? '' }], ...lines.slice(1)];
}

function reviewLines(item: FindingItem, reviews: readonly Review[], columns: number, clock: ZoneClock): readonly StyledLine[] {
  if (reviews.length === 0) return [];
  const lines = reviews.flatMap(({ at, by, action, text }) => {
    const time = clock.show(at);
    return fact(
      `${time.date.slice(-5)} ${time.clock.slice(0, 5)}`,
      `${action} by ${by.name ?? '?'}${text ? `: ${text}` : ''}`,
      columns,
    );
  });
  return [...heading(`Reviews: ${item.state}`), ...lines];
}

function aroundLines(
  rows: readonly EventRowView[],
  { time, event: { user } }: Finding,
  columns: number,
  clock: ZoneClock,
): readonly StyledLine[] {
  if (user === undefined) return [];
  const middle = Date.parse(time);
  const ordered = rows.toSorted((a, b) => a.timeMs - b.timeMs);
  const lines = ordered.flatMap((row) => {
    const offset = row.timeMs - middle;
    const away = spanOf(Math.abs(offset));
    const when = `${clock.show(new Date(row.timeMs).toISOString()).clock} ${pad(away === '' ? '0' : `${offset < 0 ? '-' : '+'}${away}`, 5)}`;
    const what = row.intent === undefined ? doneTo(row) : shortWhat(row.intent);
    const rules = row.rules.length === 0 ? '' : `  (${row.rules.length} ${row.rules.length === 1 ? 'rule' : 'rules'})`;
    const line = `${when} ${pad(row.code === 0 ? '-' : String(row.code), 3)} ${row.isStub ? 'stub' : what}${rules}`;
    return hardWrap(line, columns).map((text, i): StyledLine => [{ text: i === 0 ? text : `  ${text}`.slice(0, columns) }]);
  });
  const title = `Same user, five minutes before to five after: ${rows.length} events`;
  return [...heading(title), ...lines];
}

function eventLines(event: string | undefined, columns: number): readonly StyledLine[] {
  if (event === undefined)
    return [...heading('Event'), [{ text: 'It is not kept any more, or this finding has no single event.' }]];
  // A long one is not taken apart for its first lines.
  const text = event.length > 4 * eventCharacters ? event : jsonText(event);
  const left = text.length - eventCharacters;
  return [
    ...heading('Event (masked)'),
    ...text
      .slice(0, eventCharacters)
      .split('\n')
      .flatMap((line) => hardWrap(line, columns).map((piece): StyledLine => [{ text: piece }])),
    ...(left > 0 ? [[{ text: `(${left} more characters: auditveil tail --events -o json)` }]] : []),
  ];
}

function jsonText(event: string): string {
  try {
    return plainJson(JSON.parse(event) as unknown, 1);
  } catch {
    return event;
  }
}

/** A printable text in pieces of at most so many columns. `…` nowhere: nothing is missing. */
export function hardWrap(text: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let [piece, used] = ['', 0];
  for (const character of printable(text)) {
    const width = widthOf(character);
    if (used + width > columns && piece !== '') {
      pieces.push(piece);
      [piece, used] = ['', 0];
    }
    piece += character;
    used += width;
  }
  return [...pieces, piece];
}

/** Whom a detail is about, on one line. */
export const detailTitle = ({ finding }: FindingItem): string => {
  const { rule, who } = partsOf(finding);
  return who === '' ? rule : `${rule}: ${who}`;
};
