import { Command, Option } from 'commander';
import { severities } from '../../core/finding.ts';
import { keyOption, parseSince, repeatable } from '../command-options.ts';
import type { CliContext } from '../output.ts';
import { formats, parseCount, parseOutput, type TailOptions } from '../tail/tail-options.ts';

/** `auditveil tail`: what an agent found, or what it keeps. */
export function tailCommand(context: CliContext): Command {
  const command = new Command('tail')
    .summary('show findings (or masked events) of a running or stopped agent')
    .description(
      'Reads the log of findings, or with --events of masked audit events, from a data folder, or findings from a server, and follows it. On a terminal: a list with filters, details and reviews (? for keys); in a pipe: lines. It only reads: the agent may run or not. docs/tail.md says more.',
    );
  for (const option of [...placeOptions(), ...choiceOptions(), ...shapeOptions()]) command.addOption(option);
  return command
    .addHelpText(
      'after',
      '\nExamples:\n  auditveil tail --severity medium --since 1h\n  auditveil tail --humans --user alice@example.com -e kubelet\n' +
        "  auditveil tail -o 'template={time} {rule.id} {event.user}' | sort | uniq -c\n" +
        '  auditveil tail --no-follow --since 1h --fail-on high\n  auditveil tail --server https://audit.example.com:8090 --token-file token --ca-file ca.crt\n  auditveil tail --events -o json --no-follow > events.jsonl',
    )
    .action((options: TailOptions) => tail(context, options));
}

const placeOptions = (): readonly Option[] => [
  new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'),
  new Option('--config <file>', "the agent's configuration: its data folder is used"),
  new Option(
    '--metrics <host:port>',
    'where the agent serves its metrics, for the bottom line on a terminal (default: `telemetry.listen` of the configuration)',
  ),
  new Option(
    '--server <address>',
    'findings of a server instead of a data folder: https://host:8090, of `run --web` or `serve`',
  ).conflicts(['events', 'dataDir', 'metrics']),
  new Option('--token-file <file>', 'token for the server (`auditveil web token` makes one)'),
  new Option('--ca-file <file>', "authority of the server's certificate, PEM"),
  new Option('--events', 'masked audit events instead of findings'),
];

function choiceOptions(): readonly Option[] {
  const expression = (flags: string, about: string): Option => repeatable(new Option(flags, about));
  return [
    new Option('--since <time>', 'received since then: 15m, 2h, 7d, or an RFC 3339 time (default: everything)').argParser(
      (text: string) => parseSince(text, Date.now()),
    ),
    new Option('--severity <severity>', 'findings of at least this severity')
      .choices(severities)
      .default('informational')
      .conflicts('events'),
    repeatable(new Option('--rule <id|name>', 'findings of this rule, `*` for any text; may be repeated')).conflicts('events'),
    repeatable(new Option('--namespace <name>', 'in this namespace, `*` for any text; may be repeated')).conflicts('events'),
    new Option('--humans', 'without controllers, nodes and service accounts').conflicts('events'),
    repeatable(
      new Option(
        '--user <name>',
        'of this user: the real name, searched by its pseudonyms of all epochs (needs the key, and is noted), or a pseudonym; may be repeated',
      ),
    ).conflicts('events'),
    keyOption(),
    expression('-i, --include <expression>', 'only what this RE2 expression finds; may be repeated: one is enough'),
    expression('-e, --exclude <expression>', 'without what this expression finds; may be repeated'),
    new Option('--tail <n>', 'begin with the last n of what is there').argParser(parseCount),
    new Option('--limit <n>', 'end after n').argParser(parseCount),
    new Option('--fail-on <severity>', 'exit with 5 if one of at least this severity was shown')
      .choices(severities)
      .conflicts('events'),
    new Option('--no-follow', 'stop at the end'),
  ];
}

function shapeOptions(): readonly Option[] {
  return [
    new Option(
      '-o, --output <format>',
      `${formats.join(', ')} (a line each; pretty: a paragraph), or template=TEXT with members between braces: {time} {rule.name} {event.user} (default: compact; events: pretty)`,
    ).argParser(parseOutput),
    repeatable(
      new Option('-H, --highlight <expression>', 'mark what this expression finds, where there is colour; may be repeated'),
    ),
    new Option('--plain', 'lines, also on a terminal'),
    new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']).default('auto'),
    new Option('--ascii', 'other characters as their numbers'),
    new Option('--utc', 'times in UTC').conflicts('timezone'),
    new Option('--timezone <name>', 'times in this zone, for example Europe/Vienna (default: the zone of this machine)'),
  ];
}

async function tail(context: CliContext, options: TailOptions): Promise<void> {
  const { configOf, openLocalFeed } = await import('../tail/open-local-feed.ts');
  const { server } = options;
  // Of a server only the key matters of a configuration.
  const config = server === undefined ? await configOf(context, options) : undefined;
  const directory = config?.log.directory ?? options.dataDir;
  if (options.events) {
    const { tailEvents } = await import('../tail/tail-events.ts');
    return tailEvents(context, `${directory}/events`, options);
  }
  const { tailFindings } = await import('../tail/tail-findings.ts');
  const feed =
    server === undefined
      ? await openLocalFeed(context, options)
      : await (await import('../tail/open-remote-feed.ts')).openRemoteFeed(server, options, context.stop);
  try {
    await tailFindings(context, feed, { ...options, dataDir: directory });
  } finally {
    await feed.close();
  }
}
