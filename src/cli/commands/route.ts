import { Command, Option } from 'commander';
import type { Config } from '../../config/schema.ts';
import { Fault } from '../../core/faults.ts';
import type { Finding } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import { recordTypes } from '../../core/record.ts';
import type { RouteTree } from '../../routing/route-tree.ts';
import { parseSince } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface ExplainOptions {
  readonly config: string;
  readonly dataDir?: string;
  readonly since?: number;
  readonly output: 'pretty' | 'json';
}

/** `auditveil route`: which sinks get which findings. */
export function routeCommand(context: CliContext): Command {
  const route = new Command('route')
    .summary('show which sinks get which findings')
    .description('Works on the `routing` of a configuration (docs/routing.md).');
  route
    .command('explain')
    .summary('show the way of one finding, or count the ways of all')
    .description(
      "Shows for one finding of an agent's log which routes were looked at, which member of a match did not hold, and which sinks get it. Without a finding, counts for all of them how many each route and each sink gets: try a configuration on what was found before. Nothing is sent.",
    )
    .argument('[finding]', 'id of a finding, or the beginning of it')
    .requiredOption('--config <file>', 'the configuration with the routing')
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent (default: the one in the configuration)'))
    .addOption(
      new Option('--since <time>', 'findings received since then: 15m, 2h, 7d, or an RFC 3339 time').argParser((text: string) =>
        parseSince(text, Date.now()),
      ),
    )
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addHelpText('after', '\nExample:\n  auditveil route explain 4fb54008 --config /etc/auditveil/config.yaml')
    .action((finding: string | undefined, options: ExplainOptions) => explain(context, finding, options));
  return route.addHelpText('after', '\nExample:\n  auditveil route explain --config /etc/auditveil/config.yaml --since 7d');
}

async function explain(context: CliContext, id: string | undefined, options: ExplainOptions): Promise<void> {
  const [{ readConfigFile }, { RouteTree }, { RouteCount, routeText }] = await Promise.all([
    import('../read-config-file.ts'),
    import('../../routing/route-tree.ts'),
    import('../route-report.ts'),
  ]);
  const config = await readConfigFile(options.config, context.env);
  const routes = new RouteTree(routingOf(config));
  const count = new RouteCount(sinksOf(config));
  const { output } = context;
  for await (const [finding, atMs] of storedFindings(context, config, options)) {
    if (id !== undefined && !finding.id.startsWith(id)) continue;
    const decision = routes.decide(finding, atMs);
    if (options.output === 'json') await output.line(jsonOf(finding, decision));
    else if (id !== undefined) await output.write(routeText(finding, decision, output.columns));
    else count.add(decision);
    if (id !== undefined) return;
  }
  if (id !== undefined) {
    throw new Fault('there is no such finding in this log', {
      code: 'E_ROUTE_FINDING',
      remedy: 'Ids are shown by `auditveil tail -o json`. Look at --data-dir and --since too.',
    });
  }
  if (options.output === 'pretty') await output.write(count.text(output.columns));
}

const sinksOf = ({ sinks }: Config): readonly string[] =>
  sinks.filter(({ content }) => content === 'findings').map(({ name }) => name);

/** Without a routing every sink of findings gets all. */
function routingOf(config: Config): ConstructorParameters<typeof RouteTree>[0] {
  return config.routing ?? { sinks: sinksOf(config), routes: [], muteWindows: [] };
}

function jsonOf({ id, revision }: Finding, decision: ReturnType<RouteTree['decide']>): string {
  return JSON.stringify({ finding: id, revision, ...decision });
}

/** Findings of an agent's log, oldest first, with the moment they were logged at, in milliseconds. */
async function* storedFindings(
  context: CliContext,
  config: Config,
  { dataDir = config.log.directory, since }: ExplainOptions,
): AsyncGenerator<readonly [Finding, number]> {
  const { openLogReader } = await import('../../log/open-log-reader.ts');
  const directory = `${dataDir}/findings`;
  const reader = await openLogReader({ directory, ...(since === undefined ? {} : { start: { sinceMs: since } }) });
  try {
    for await (const { records } of reader.read(context.stop, { follow: false })) {
      for (const record of records)
        if (record.type === recordTypes.finding) yield [findingIn(record), record.receivedAtUs / 1000];
    }
  } finally {
    await reader.close();
  }
}
