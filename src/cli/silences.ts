import { Fault } from '../core/faults.ts';
import type { Silence } from '../core/review.ts';
import { endOfSilence, makeSilence, maskedMatch, silenceEnd, silenceMatch } from '../web/reviews.ts';
import { whoRuns } from './key-place.ts';
import type { CliContext } from './output.ts';
import { printable } from './printable.ts';
import { type FolderOptions, maskedNote, type NotingOptions, openReviewedFolder } from './reviewed-folder.ts';
import { table } from './table.ts';

export async function createSilence(
  context: CliContext,
  given: { readonly [name: string]: string | undefined },
  options: NotingOptions & { readonly until: number },
): Promise<void> {
  const wanted = silenceMatch(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const nowMs = Date.now();
  const untilMs = silenceEnd(new Date(options.until).toISOString(), nowMs);
  const folder = await openReviewedFolder(context, options);
  const match = await maskedMatch(wanted, folder.mask);
  const silence = makeSilence({ match, untilMs, text: await maskedNote(folder, options.note) }, whoRuns(), nowMs);
  let falling = 0;
  folder.view.overlay(silence);
  await folder.view.each({}, (row) => {
    if (folder.view.itemOf(row).silence === silence.id) falling++;
  });
  await folder.leave(silence);
  await context.output.line(silence.id);
  context.output.note(printable(`until ${silence.until}; ${falling} findings that are kept would have fallen under it`));
}

export async function listSilences(context: CliContext, options: FolderOptions & { readonly json?: boolean }): Promise<void> {
  const { output } = context;
  const { view } = await openReviewedFolder(context, options);
  const silences = view.silences.active(Date.now());
  if (options.json) {
    await output.write(silences.map((silence) => `${JSON.stringify(silence)}\n`).join(''));
    return;
  }
  const lines = silences.map((silence) => [
    silence.id,
    silence.until.slice(0, 19).replace('T', ' '),
    silence.by.name ?? '?',
    describe(silence),
  ]);
  if (lines.length > 0) await output.line(table([['ID', 'UNTIL', 'BY', 'WHAT'], ...lines], output.tableColumns));
  output.note(`${lines.length} silences in force`);
}

function describe({ match, text }: Silence): string {
  const what = Object.entries(match).map(([name, value]) => `${name} ${value}`);
  return [what.join(', '), ...(text === undefined ? [] : [text])].join('  ');
}

export async function endSilences(context: CliContext, ids: readonly string[], options: FolderOptions): Promise<void> {
  const folder = await openReviewedFolder(context, options);
  const active = folder.view.silences.active(Date.now());
  const found = ids.map((id) => {
    const silence = active.find((known) => known.id === id);
    if (silence) return silence;
    throw new Fault('there is no such silence in force', { code: 'E_USAGE_SILENCE', remedy: 'See `auditveil silence list`.' });
  });
  for (const silence of found) {
    await folder.leave(endOfSilence(silence, whoRuns(), Date.now()));
    await context.output.line(printable(`ended: ${silence.id}  ${describe(silence)}`));
  }
}
