import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { type FindingFormat, type Severity, severities } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { parseSince } from '../command-options.ts';
import { findingFormatter } from '../finding-formatter.ts';
import type { CliContext } from '../output.ts';

interface TailOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly events?: boolean;
  readonly output: 'pretty' | 'json' | Exclude<FindingFormat, 'native'>;
  readonly since?: number;
  readonly severity: Severity;
  readonly follow: boolean;
}

/** `auditveil tail`: what an agent found, or what it keeps. */
export function tailCommand(context: CliContext): Command {
  return new Command('tail')
    .summary('show findings (or masked events) of a running or stopped agent')
    .description(
      'Reads the log of findings, or with --events of masked audit events, from a data folder and follows it. It only reads: the agent may run or not.',
    )
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'))
    .addOption(new Option('--config <file>', "the agent's configuration: its data folder is used"))
    .addOption(new Option('--events', 'masked audit events instead of findings'))
    .addOption(
      new Option('-o, --output <format>', 'for people, or JSON lines: as they are, or findings as OCSF, Falco or ECS')
        .choices(['pretty', 'json', 'ocsf', 'falco', 'ecs'])
        .default('pretty'),
    )
    .addOption(
      new Option('--since <time>', 'received since then: 15m, 2h, 7d, or an RFC 3339 time (default: everything)').argParser(
        (text: string) => parseSince(text, Date.now()),
      ),
    )
    .addOption(
      new Option('--severity <severity>', 'findings of at least this severity').choices(severities).default('informational'),
    )
    .addOption(new Option('--no-follow', 'stop at the end'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil tail --severity medium --since 1h\n  auditveil tail --events -o json --no-follow > events.jsonl',
    )
    .action((options: TailOptions) => tail(context, options));
}

async function tail(context: CliContext, options: TailOptions): Promise<void> {
  const { output } = options;
  if (options.events && output !== 'pretty' && output !== 'json') {
    throw new Fault(`events have no format ${output}`, { code: 'E_USAGE_FORMAT', remedy: 'Use -o json, or leave --events out.' });
  }
  const [{ openLogReader }, { formatRecord }, finding] = await Promise.all([
    import('../../log/open-log-reader.ts'),
    import('../format-record.ts'),
    findingFormatter(output === 'pretty' || output === 'json' ? 'native' : output),
  ]);
  const directory = options.config === undefined ? options.dataDir : await directoryOf(options.config, context);
  const reader = await openLogReader({
    directory: `${directory}/${options.events ? 'events' : 'findings'}`,
    ...(options.since === undefined ? {} : { start: { sinceMs: options.since } }),
  });
  const style = { json: output !== 'pretty', finding, columns: context.output.columns, colour: context.output.colour };
  try {
    for await (const batch of reader.read(context.stop, { follow: options.follow })) {
      const wanted = batch.records.filter((record) => isWanted(record, options));
      if (wanted.length > 0) await context.output.write(wanted.map((record) => `${formatRecord(record, style)}\n`).join(''));
      await reader.commit(batch.end);
    }
  } finally {
    await reader.close();
  }
}

async function directoryOf(file: string, context: CliContext): Promise<string> {
  const { readConfigFile } = await import('../read-config-file.ts');
  return (await readConfigFile(file, context.env)).log.directory;
}

function isWanted(record: MaskedRecord, { events, severity }: TailOptions): boolean {
  if (events) return record.type === recordTypes.event;
  if (record.type !== recordTypes.finding) return false;
  if (severity === 'informational') return true;
  return severities.indexOf(findingIn(record).rule.severity) >= severities.indexOf(severity);
}
