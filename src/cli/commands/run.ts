import { Command, Option } from 'commander';
import type { Config } from '../../config/schema.ts';
import type { Role } from '../../config/transport-schema.ts';
import type { Finding, FindingFormat } from '../../core/finding.ts';
import type { OpenPipeline } from '../../pipeline/open-pipeline.ts';
import type { PatternEngine } from '../../scan/pattern.ts';
import {
  enableOption,
  exceptionsOption,
  falcoCompatOption,
  keyOption,
  listsOption,
  matchOptions,
  packOption,
  policyOption,
  profileOption,
  rulesOption,
  webOption,
  workersOption,
} from '../command-options.ts';
import { describeExpired, describeHidden } from '../describe-exceptions.ts';
import { findingFormatter } from '../finding-formatter.ts';
import type { FirstEventWait as Wait } from '../first-event-wait.ts';
import type { CliContext } from '../output.ts';

/** As in src/config/transport-schema.ts, which is loaded only with a configuration. */
const roles: readonly Role[] = ['all', 'agent', 'worker'];

interface RunOptions {
  readonly config?: string;
  readonly role?: Role;
  readonly dataDir: string;
  readonly cluster: string;
  readonly once?: boolean;
  readonly policy: Config['masking']['policy'];
  readonly enable: readonly string[];
  readonly pack?: readonly string[];
  readonly rules?: readonly string[];
  readonly lists?: readonly string[];
  readonly firstMatch?: boolean;
  readonly falcoCompat?: boolean;
  readonly exceptions?: readonly string[];
  readonly profile: Config['detect']['profile'];
  readonly key?: string;
  readonly listen?: string;
  readonly web?: string | true;
  readonly workers: number | 'auto';
  /** Absent: pretty, or none beside a sink that has standard output for itself. */
  readonly output?: 'pretty' | 'json' | 'none' | Exclude<FindingFormat, 'native'>;
  readonly graceSeconds: string;
  readonly allowLooserMasking?: boolean;
}

/** `auditveil run`: the agent. */
export function runCommand(context: CliContext): Command {
  const [all, first] = matchOptions();
  return new Command('run')
    .summary('read audit logs, mask, detect and keep: the agent')
    .description(
      'Reads audit logs, matches rules against the raw event in memory, masks it, and appends it to the log on disk; only then the source is acknowledged. Findings are shown as they are made. Without --config it reads the files named, with the key of your state folder.',
    )
    .argument('[files...]', 'audit logs to follow; `-` for standard input')
    .addOption(new Option('--config <file>', 'configuration file (docs/config.md); excludes files and the options below it'))
    .addOption(new Option('--role <role>', 'part of the configuration to run (docs/kafka.md)').choices(roles))
    .addOption(new Option('--data-dir <folder>', 'where logs and positions are kept').default('auditveil-data'))
    .addOption(new Option('--cluster <name>', 'name of the cluster in every record').default('local'))
    .addOption(new Option('--once', 'stop at the end of the files instead of following them'))
    .addOption(new Option('--no-follow', 'the same as --once'))
    .addOption(policyOption())
    .addOption(enableOption())
    .addOption(packOption())
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(profileOption())
    .addOption(all)
    .addOption(first)
    .addOption(falcoCompatOption())
    .addOption(exceptionsOption())
    .addOption(keyOption())
    .addOption(workersOption())
    .addOption(new Option('--listen <address:port>', 'serve /metrics, /livez and /readyz there'))
    .addOption(webOption())
    .addOption(
      new Option(
        '-o, --output <format>',
        'findings on standard output (default: pretty; none where a sink is of type stdout)',
      ).choices(['pretty', 'json', 'ocsf', 'falco', 'ecs', 'none']),
    )
    .option('--allow-looser-masking', 'changed files may make it mask less while it runs (docs/reload.md)')
    .addOption(new Option('--grace-seconds <n>', 'how long work in flight may take after a stop').default('10').hideHelp())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil run /var/log/kubernetes/audit/audit.log\n  auditveil run --once audit.log audit-2026-05-04.log.gz\n  auditveil run --config /etc/auditveil/config.yaml',
    )
    .action((files: readonly string[], options: RunOptions & { readonly follow: boolean }) => run(context, files, options));
}

async function run(
  context: CliContext,
  files: readonly string[],
  options: RunOptions & { readonly follow: boolean },
): Promise<void> {
  const hangUps = new HangUps();
  if (options.config !== undefined) process.on('SIGHUP', () => hangUps.tell());
  const [
    { openPipeline },
    { boundMemory, freezeNewSpace },
    { loadSetup },
    { runAgent },
    { ReloadRequests },
    { chooseConfig },
    { FirstEventWait },
    { unsafeSwitches },
    { WebHost },
    { whoRuns },
    { runSelf },
    { patternEngine },
    { workerCount },
  ] = await runModules();
  const { output } = context;
  freezeNewSpace();
  for (const option of unsafeSwitches(process.execArgv, context.env['NODE_OPTIONS'] ?? '')) {
    output.note(`auditveil: Node.js was started with ${option}, which can write raw events out of this process's memory`);
  }
  const requests = new ReloadRequests();
  let wait: Wait | undefined;
  hangUps.heard = () => requests.ask();
  const notice = (text: string): void => output.note(`auditveil: ${text}`);
  const common = { notice, clock: { nowMs: Date.now }, graceMs: Number(options.graceSeconds) * 1000 };
  const foundOf = await findingWriters(context, options.output);
  const web = new WebHost({ clock: common.clock, notice, owner: whoRuns().name ?? 'owner', runSelf });
  await runAgent({
    load: async () => loadSetup(await chooseConfig(context, files, options), options.config),
    open: async ({ config, ...setup }) => {
      const pipeline = await openPipeline({ ...setup, ...common, config, found: foundOf(config), web: web.readings });
      return web.beside(config, pipeline);
    },
    requests,
    stop: context.stop,
    allowLooserMasking: options.allowLooserMasking ?? false,
    nowMs: Date.now,
    notice,
    starting: (pipeline, { config }) => {
      boundMemory(workerCount(config.workers));
      introduce(output, pipeline, config.log.directory, patternEngine);
      if (pipeline.parts.endsByItself) return;
      wait = new FirstEventWait({ config, meter: pipeline.parts.meter, output, nowMs: Date.now });
      wait.start();
    },
    ran: ({ parts, engine }, end) => {
      wait?.stop();
      output.note(summary(end, parts));
      const hidden = describeHidden(parts.stage.hidden(), engine.rules);
      if (hidden) output.note(hidden);
    },
  }).finally(() => web.close());
}

/**
 * A SIGHUP that comes while the agent is loaded is kept; without a listener it would end the process. Without a configuration file it
 * belongs to a terminal, whose end is its own.
 */
class HangUps {
  #heard: (() => void) | undefined;
  #missed = false;

  tell(): void {
    if (this.#heard) this.#heard();
    else this.#missed = true;
  }

  set heard(heard: () => void) {
    this.#heard = heard;
    if (this.#missed) heard();
  }
}

/** Loaded together, once it is known that an agent runs. */
const runModules = () =>
  Promise.all([
    import('../../pipeline/open-pipeline.ts'),
    import('../../pipeline/bound-heap.ts'),
    import('../../pipeline/load-setup.ts'),
    import('../../pipeline/run-agent.ts'),
    import('../../pipeline/reload-requests.ts'),
    import('../choose-config.ts'),
    import('../first-event-wait.ts'),
    import('../harden.ts'),
    import('../../pipeline/web-host.ts'),
    import('../key-place.ts'),
    import('../run-self.ts'),
    import('../../scan/pattern.ts'),
    import('../../pipeline/open-workers.ts'),
  ]);

/** What an agent says of itself before it reads. */
function introduce(
  output: CliContext['output'],
  { engine, health, telemetryAddress }: OpenPipeline,
  directory: string,
  expressions: PatternEngine,
): void {
  const { rules, plan, policy } = engine;
  output.note(
    `auditveil: ${rules.infos.length} rules, ${plan.maskRules.length} mask rules (policy ${policy.id}), data in ${directory}`,
  );
  if (expressions === 're2js') {
    output.note('auditveil: expressions run on the slower engine, as the native one is not there');
    output.note('  Get a C++ compiler, make and Python, and run `npm rebuild re2`, or `npm ci` again.');
  }
  for (const { file, line, message } of rules.notices ?? []) output.note(`${file}:${line}: ${message}`);
  if (telemetryAddress !== undefined) output.note(`auditveil: http://${telemetryAddress}/metrics`);
  for (const text of describeExpired(rules, Date.now())) output.note(text);
  for (const problem of health.problems()) output.note(`auditveil: not ready: ${problem}`);
}

function summary(
  end: 'finished' | 'stopped',
  {
    meter,
    events,
  }: {
    readonly meter: import('../../pipeline/meter.ts').Meter;
    readonly events: { status(): { appended: number; repeats: number } };
  },
): string {
  const { appended, repeats } = events.status();
  const { tally } = meter;
  const stubs = [...tally.stubsByReason()].map(([reason, count]) => `${reason} ${count}`).join(', ');
  const parts = [
    `${tally.events} events read`,
    `${appended} records appended`,
    `${repeats} repeats`,
    `${tally.stubs} stubs${stubs === '' ? '' : ` (${stubs})`}`,
    `${tally.maskedValues} values masked`,
    `${meter.findings} findings`,
    ...(meter.leftOutText === undefined ? [] : [`left out: ${meter.leftOutText}`]),
  ];
  return `auditveil: ${end === 'finished' ? 'done' : 'stopped'}: ${parts.join(', ')}`;
}

type WriteFindings = (findings: readonly Finding[]) => Promise<void>;

/** What shows findings beside the sinks of a configuration: nothing where one of them has standard output for itself. */
async function findingWriters(context: CliContext, format: RunOptions['output']): Promise<(config: Config) => WriteFindings> {
  const shown = await findingWriter(context, format ?? 'pretty');
  return ({ sinks }) => (format === undefined && sinks.some(({ type }) => type === 'stdout') ? () => Promise.resolve() : shown);
}

/** Everything it takes is loaded now: later there may be no file descriptor left to load it with. */
async function findingWriter({ output }: CliContext, format: NonNullable<RunOptions['output']>): Promise<WriteFindings> {
  if (format === 'none') return () => Promise.resolve();
  const text = format === 'pretty' ? await prettyWriter(output) : await findingFormatter(format === 'json' ? 'native' : format);
  return async (findings) => {
    await output.write(findings.map((finding) => `${text(finding)}\n`).join(''));
  };
}

async function prettyWriter({ columns, colour }: CliContext['output']): Promise<(finding: Finding) => string> {
  const { prettyFinding } = await import('../pretty-finding.ts');
  return (finding) => prettyFinding(finding, { columns, colour });
}
