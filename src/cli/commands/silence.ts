import { Command, InvalidArgumentError, Option } from 'commander';
import { type Severity, severities } from '../../core/finding.ts';
import { parseTimeMs } from '../command-options.ts';
import type { CliContext } from '../output.ts';
import { type FolderOptions, folderOptions, type NotingOptions, notingOptions } from '../reviewed-folder.ts';

interface CreateOptions extends NotingOptions {
  readonly rule?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly severity?: Severity;
  readonly until: number;
}

function parseUntil(text: string): number {
  const timeMs = parseTimeMs(text, Date.now(), 1);
  if (timeMs === undefined) throw new InvalidArgumentError('Write 30m, 8h, 3d, or a time such as 2026-06-01T00:00:00Z.');
  return timeMs;
}

/** `auditveil silence`: findings nobody needs to be told of for a while. */
export function silenceCommand(context: CliContext): Command {
  const silence = new Command('silence')
    .summary('keep findings from notification sinks for a while')
    .description(
      'Findings under a silence are kept and shown, marked as silenced; sinks that notify people do not get them (`heedSilences`). A silence ends by itself. Findings about Auditveil itself (rules `auditveil.*`) are never silenced.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  auditveil silence create --rule "Pods listed" --namespace shop --until 8h --note "load test"',
    );
  addCreate(context, silence);
  const list = silence
    .command('list')
    .summary('list silences in force')
    .description('Lists the silences that are in force now.')
    .option('--json', 'as JSON lines');
  for (const option of folderOptions()) list.addOption(option);
  list
    .addHelpText('after', '\nExample:\n  auditveil silence list')
    .action(async (options: FolderOptions & { readonly json?: boolean }) => {
      const { listSilences } = await import('../silences.ts');
      await listSilences(context, options);
    });
  const end = silence
    .command('end')
    .summary('end a silence')
    .description('Ends silences now.')
    .argument('<ids...>', 'ids of silences');
  for (const option of folderOptions()) end.addOption(option);
  end
    .addHelpText('after', '\nExample:\n  auditveil silence end 3f9c0a1b2c3d4e5f')
    .action(async (ids: readonly string[], options: FolderOptions) => {
      const { endSilences } = await import('../silences.ts');
      await endSilences(context, ids, options);
    });
  return silence;
}

function addCreate(context: CliContext, silence: Command): void {
  const create = silence
    .command('create')
    .summary('silence findings of a rule, a user, a namespace or a severity')
    .description('Silences findings that match all that is given, until a time.')
    .option('--rule <rule>', 'id or name of a rule')
    .option('--user <user>', 'user, as masked events name them (`auditveil pseudonym` tells)')
    .option('--namespace <namespace>', 'namespace')
    .addOption(new Option('--severity <severity>', 'exactly this severity').choices(severities))
    .addOption(
      new Option('--until <time>', 'when it ends: 30m, 8h, 3d from now, or an RFC 3339 time; at most 90 days')
        .argParser(parseUntil)
        .makeOptionMandatory(),
    );
  for (const option of notingOptions()) create.addOption(option);
  create
    .addHelpText('after', '\nExample:\n  auditveil silence create --rule "Pods listed" --namespace shop --until 8h')
    .action(async ({ rule, user, namespace, severity, ...options }: CreateOptions) => {
      const { createSilence } = await import('../silences.ts');
      await createSilence(context, { rule, user, namespace, severity }, options);
    });
}
