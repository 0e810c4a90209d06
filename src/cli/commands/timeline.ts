import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { keyOption, listsOption, parseDurationMs, profileOption, rulesOption } from '../command-options.ts';
import type { RuleSetOptions } from '../load-rule-set.ts';
import type { CliContext } from '../output.ts';

interface TimelineOptions extends RuleSetOptions {
  readonly user?: string;
  readonly finding?: string;
  readonly key?: string;
  readonly gap: number;
  readonly output: 'pretty' | 'json';
}

/** `auditveil timeline`: what one user did, action by action, with the stages of an attack. */
export function timelineCommand(context: CliContext): Command {
  return new Command('timeline')
    .summary('show what one user did, action by action, with findings and stages of an attack')
    .description(
      'Shows the requests of one user in order of time: a line for each action, what a person would have typed for it, findings with their ATT&CK tactic, other addresses and clients, and gaps; then how far an attack has come. The user is named in clear, with the key that the log was masked with, or as the pseudonym; or by a finding. Looking a person up in the data folder of an agent is noted in its findings log. Names are shown masked.',
    )
    .argument('[logs...]', "files of events, `-` or nothing for standard input; or one folder: an agent's data folder")
    .addOption(new Option('--user <name>', 'the user: in clear, or the pseudonym as it is shown').conflicts('finding'))
    .addOption(new Option('--finding <id>', 'the user of this finding: its id, or the beginning of it'))
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(profileOption())
    .addOption(
      new Option('--gap <time>', 'show a gap where nothing happened for so long: 30s, 15m, 2h')
        .argParser(parseDurationMs)
        .default(600_000, '10m'),
    )
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil timeline audit.log --user alice@example.com\n  auditveil timeline /var/lib/auditveil --finding 4fb54008 --key /var/lib/auditveil/keys.json',
    )
    .action((logs: readonly string[], options: TimelineOptions) => timeline(context, logs, options));
}

async function timeline(context: CliContext, logs: readonly string[], options: TimelineOptions): Promise<void> {
  const { user, finding, gap: gapMs, output } = options;
  if (user === undefined && finding === undefined)
    throw new Fault('nobody was named', { code: 'E_USAGE_USER', remedy: 'Give --user NAME, or --finding ID.' });
  if (finding !== undefined && (logs.length === 0 || logs.includes('-')))
    throw new Fault('a finding is looked for in a log that is then read once more', {
      code: 'E_USAGE_INPUT',
      remedy: 'Name a file or a folder instead of standard input.',
    });
  const [{ openDetecting }, { timelineOf, userOfFinding }, { timelineJson, timelineText }] = await Promise.all([
    import('../open-detecting.ts'),
    import('../run-timeline.ts'),
    import('../timeline-report.ts'),
  ]);
  const { engine, keyRing } = await openDetecting(context, options);
  const choice = { engine, keyRing, inputs: logs };
  const forms = await formsOf(user ?? (await userOfFinding(context, choice, finding ?? '')), options, logs, keyRing);
  const parts = await timelineOf(context, { ...choice, forms });
  const { columns, colour } = context.output;
  await context.output.write(output === 'json' ? timelineJson(parts) : timelineText(parts, { columns, colour, gapMs }));
}

/** A name in clear becomes its pseudonyms; that is noted where the log is an agent's, before anything is shown. */
async function formsOf(
  name: string,
  { user }: TimelineOptions,
  logs: readonly string[],
  keyRing: KeyRing,
): Promise<readonly string[]> {
  if (user === undefined || name.includes('[MASKED:')) return [name];
  const [{ lookUpUser }, { dataFolderOf }] = await Promise.all([import('../user-forms.ts'), import('../open-store.ts')]);
  const [only] = logs;
  const folder = logs.length === 1 && only !== undefined ? await dataFolderOf(only) : undefined;
  return lookUpUser(keyRing, name, 'timeline', { dataDirectories: folder === undefined ? [] : [folder] });
}
