import type { ReviewAction } from '../core/review.ts';
import { type FindingFilter, findingOf } from '../web/finding-row.ts';
import { makeReview } from '../web/reviews.ts';
import { whoRuns } from './key-place.ts';
import type { CliContext } from './output.ts';
import { prettyFinding } from './pretty-finding.ts';
import { printable } from './printable.ts';
import { type FolderOptions, findingNamed, maskedNote, type NotingOptions, openReviewedFolder } from './reviewed-folder.ts';
import { severityWords } from './styled-line.ts';
import { fittedTable } from './table.ts';
import { shortUser } from './tail/finding-parts.ts';

const done: Readonly<Record<ReviewAction, string>> = { acknowledge: 'acknowledged', close: 'closed', reopen: 'open again' };
/** Digits of an id that are shown: they are unique among millions. */
const shownDigits = 12;

export interface ListChoice {
  readonly folder: FolderOptions;
  readonly filter: FindingFilter;
  readonly limit: number;
  readonly json: boolean;
}

/** Columns below which none of `findings list` is cut: all of them fit 80. */
const floors = [12, 19, 4, 5, 12, 16];

export async function listFindings(context: CliContext, { folder, filter, limit, json }: ListChoice): Promise<void> {
  const { output } = context;
  const { view } = await openReviewedFolder(context, folder);
  const { rows, total } = await view.search(filter, { limit, before: undefined });
  const items = rows.map((row) => view.itemOf(row));
  if (json) {
    await output.write(items.map((item) => `${JSON.stringify(item)}\n`).join(''));
    return;
  }
  const named = (user = ''): string => (output.isTerminal ? shortUser(user) : user);
  const lines = items.map(({ finding: { id, time, rule, event }, state, silence }) => [
    id.slice(0, shownDigits),
    time.slice(0, 19).replace('T', ' '),
    severityWords[rule.severity],
    silence === undefined ? state : `${state}, silenced`,
    rule.name,
    [named(event.user), event.intent ?? `${event.verb ?? ''} ${event.resource ?? ''}`].filter(Boolean).join('  '),
  ]);
  if (lines.length > 0)
    await output.line(
      fittedTable([['ID', 'TIME', 'SEV', 'STATE', 'RULE', 'WHO AND WHAT'], ...lines], output.tableColumns, floors),
    );
  output.note(`${total} findings${total > rows.length ? `, the newest ${rows.length} shown (--limit)` : ''}`);
}

export async function showFinding(
  context: CliContext,
  id: string,
  options: FolderOptions & { readonly json?: boolean },
): Promise<void> {
  const { output } = context;
  const folder = await openReviewedFolder(context, options);
  const row = await findingNamed(folder, id);
  const item = folder.view.itemOf(row);
  if (options.json) {
    await output.line(JSON.stringify({ ...item, reviews: row.reviews }));
    return;
  }
  const silence = item.silence === undefined ? undefined : folder.view.silences.get(item.silence);
  const reviews = row.reviews.map(
    ({ at, by, action, text }) =>
      `${at.slice(0, 19).replace('T', ' ')}  ${by.name ?? '?'}  ${done[action]}${text === undefined ? '' : `: ${text}`}`,
  );
  await output.line(prettyFinding(item.finding, { ...output, columns: output.columns, colour: output.colour, date: true }));
  await output.line(`\nid       ${item.finding.id}, revision ${item.finding.revision}\nstate    ${item.state}`);
  if (silence) await output.line(`silence  ${silence.id}, until ${silence.until}`);
  for (const line of reviews) await output.line(`review   ${printable(line)}`);
}

/** Leaves reviews. All findings are looked for before anything is written. */
export async function reviewFindings(
  context: CliContext,
  action: ReviewAction,
  ids: readonly string[],
  options: NotingOptions,
): Promise<void> {
  const folder = await openReviewedFolder(context, options);
  const rows = [];
  for (const id of ids) rows.push(await findingNamed(folder, id));
  const text = await maskedNote(folder, options.note);
  const by = whoRuns();
  for (const row of rows) {
    await folder.leave(makeReview({ finding: row.id, action, text }, by, Date.now()));
    const { rule, event } = findingOf(row);
    await context.output.line(
      printable(`${done[action]}: ${row.id}  ${rule.name}${event.user === undefined ? '' : `  ${event.user}`}`),
    );
  }
}
