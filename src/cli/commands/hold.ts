import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { parseSince } from '../command-options.ts';
import { type DataPlaceOptions, dataPlace, withDataPlace } from '../data-place.ts';
import type { CliContext } from '../output.ts';

interface HoldOptions extends DataPlaceOptions {
  readonly case: string;
  readonly since?: number;
  readonly until?: number;
}

/** `auditveil hold`: keeps records from being deleted while a case is open. */
export function holdCommand(context: CliContext): Command {
  const hold = new Command('hold')
    .summary('keep records from being deleted while a case is open (legal hold)')
    .description(
      'Keeps what was received in a time from being deleted, whatever retention says, and its key epochs from being destroyed, until the hold is released. A hold is in force at once, also for an agent that runs. Making and releasing one is noted in the findings log.',
    )
    .addHelpText('after', '\nExample:\n  auditveil hold create --case ACME-7 --since 30d\n  auditveil hold list');
  const name = (): Option => new Option('--case <name>', 'name of the case').makeOptionMandatory();
  const time = (text: string): number => parseSince(text, Date.now());
  const add = (verb: string, summary: string, description: string): Command =>
    withDataPlace(hold.command(verb).summary(summary).description(description));
  add(
    'create',
    'hold what was received in a time',
    'Makes a hold. Without --since it reaches back to the beginning, without --until it goes on.',
  )
    .addOption(name())
    .addOption(new Option('--since <time>', 'received since then: 30d, or an RFC 3339 time').argParser(time))
    .addOption(new Option('--until <time>', 'received before then').argParser(time))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil hold create --case ACME-7 --since 2026-05-01T00:00:00Z --data-dir /var/lib/auditveil/data',
    )
    .action((options: HoldOptions) => create(context, options));
  add('list', 'show the holds in force', 'Shows the holds in force.')
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  auditveil hold list --config /etc/auditveil/config.yaml')
    .action((options: DataPlaceOptions & { readonly output: 'table' | 'json' }) => list(context, options));
  add('release', 'end a hold', 'Ends a hold: retention deletes again what it says.')
    .addOption(name())
    .addHelpText('after', '\nExample:\n  auditveil hold release --case ACME-7')
    .action((options: HoldOptions) => release(context, options));
  return hold;
}

const textOf = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

async function create(context: CliContext, options: HoldOptions): Promise<void> {
  const { case: name, since: sinceMs, until: untilMs } = options;
  if (sinceMs !== undefined && untilMs !== undefined && untilMs <= sinceMs)
    throw new Fault('--until is not after --since', {
      code: 'E_USAGE_TIME',
      remedy: 'Give a later end or an earlier beginning.',
    });
  const [{ createHold }, { noteAt, whoRuns }] = await Promise.all([
    import('../../store/legal-holds.ts'),
    import('../key-place.ts'),
  ]);
  const dataDirectory = await logFolder(context, options);
  const { name: user, uid } = whoRuns();
  const [since, until] = [textOf(sinceMs), textOf(untilMs)];
  const time = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
  await createHold(dataDirectory, {
    case: name,
    ...time,
    created: new Date().toISOString(),
    by: user ?? String(uid ?? 'unknown'),
  });
  await noteAt({ dataDirectories: [dataDirectory] }, 'hold-created', { case: name, ...time });
  await context.output.line(
    `hold ${name} is in force: nothing received ${since ?? 'from the beginning'} to ${until ?? 'now and later'} is deleted`,
  );
  context.output.note(
    'auditveil: while it is in force the log may grow beyond its limits, and then refuse events; see `auditveil doctor`',
  );
}

async function list(context: CliContext, options: DataPlaceOptions & { readonly output: 'table' | 'json' }): Promise<void> {
  const [{ readHolds }, { table }] = await Promise.all([import('../../store/legal-holds.ts'), import('../table.ts')]);
  const { holds, unreadable } = await readHolds(await logFolder(context, options));
  for (const file of unreadable) context.output.note(`auditveil: ${file} cannot be read: it holds everything`);
  if (options.output === 'json') {
    for (const hold of holds) await context.output.line(JSON.stringify(hold));
    return;
  }
  if (holds.length === 0) return context.output.line('no hold is in force');
  const rows = holds.map(({ case: name, since = 'the beginning', until = 'no end', created, by }) => [
    name,
    since,
    until,
    created,
    by,
  ]);
  await context.output.line(table([['CASE', 'SINCE', 'UNTIL', 'MADE', 'BY'], ...rows], context.output.tableColumns));
}

async function release(context: CliContext, options: HoldOptions): Promise<void> {
  const [{ releaseHold }, { noteAt }] = await Promise.all([import('../../store/legal-holds.ts'), import('../key-place.ts')]);
  const { case: name } = options;
  const dataDirectory = await logFolder(context, options);
  await releaseHold(dataDirectory, name);
  await noteAt({ dataDirectories: [dataDirectory] }, 'hold-released', { case: name });
  await context.output.line(`hold ${name} is released: retention deletes again what it says`);
}

/** In a folder without logs there is nothing to hold: a slip in its name is not an answer. @throws Fault E_LOG_MISSING */
async function logFolder(context: CliContext, options: DataPlaceOptions): Promise<string> {
  const { dataDirectory } = await dataPlace(context, options);
  const { logsOf } = await import('../proof-store.ts');
  await logsOf(dataDirectory);
  return dataDirectory;
}
