import { Command, Option } from 'commander';
import type { Config, SinkConfig } from '../../config/schema.ts';
import { describeFault, exitCodes, Fault } from '../../core/faults.ts';
import type { CliContext } from '../output.ts';

interface ListOptions {
  readonly config: string;
  readonly output: 'pretty' | 'json';
}

const configOption = (): Option =>
  new Option('--config <file>', 'configuration of the agent').default('/etc/auditveil/config.yaml');

/** `auditveil sinks`: what sinks there are, how far they are, whether they work. */
export function sinksCommand(context: CliContext): Command {
  const sinks = new Command('sinks')
    .summary('show the sinks of a configuration and try one out')
    .description('Works on the `sinks` of a configuration (docs/sinks/README.md).');
  sinks
    .command('list')
    .summary('show what there is, where it writes to and how far it is')
    .description(
      'Shows each sink: type, address, what it gets, what happens while it is behind, how many bytes of its log it has not got yet, and how many bytes of dead letters wait for a replay. The agent may run or not.',
    )
    .addOption(configOption())
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addHelpText('after', '\nExample:\n  auditveil sinks list --config /etc/auditveil/config.yaml')
    .action((options: ListOptions) => list(context, options));
  sinks
    .command('test')
    .summary('send one test finding, or test event, to a sink')
    .description(
      'Opens a sink, checks that it would take something, and sends one finding (or, to a sink of events, one event) that says it is a test. Says what went wrong and what to do about it. The agent may run or not; nothing else is sent.',
    )
    .argument('<name>', 'the sink, by its name')
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 it was taken, 1 it was not, 3 the configuration cannot be read.\n\nExample:\n  auditveil sinks test chat --config /etc/auditveil/config.yaml',
    )
    .action((name: string, options: ListOptions) => test(context, name, options));
  return sinks.addHelpText('after', '\nExample:\n  auditveil sinks list\n  auditveil sinks test chat');
}

interface SinkRow {
  readonly name: string;
  readonly type: string;
  readonly address: string;
  readonly content: string;
  readonly whenBehind: string;
  /** Absent: it has not run yet. */
  readonly behindBytes: number | undefined;
  readonly deadLetterBytes: number;
}

async function rowOf({ log }: Config, sink: SinkConfig): Promise<SinkRow> {
  const [{ readerLagBytes }, { deadLetterFolder }, { sinkReader }, { DeadLetterBox }, { sinkAddress }] = await Promise.all([
    import('../../log/reader-lag.ts'),
    import('../../pipeline/dead-letters.ts'),
    import('../../pipeline/let-sinks-go.ts'),
    import('../../pipeline/read-dead-letters.ts'),
    import('../sink-address.ts'),
  ]);
  const { name, type, content, whenBehind } = sink;
  return {
    ...{ name, type, address: sinkAddress(sink), content, whenBehind },
    behindBytes: await readerLagBytes(`${log.directory}/${content}`, sinkReader(name)),
    deadLetterBytes: await new DeadLetterBox(deadLetterFolder(log.directory, name)).waitingBytes(),
  };
}

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const [{ readConfigFile }, { table }] = await Promise.all([import('../read-config-file.ts'), import('../table.ts')]);
  const config = await readConfigFile(options.config, context.env);
  const rows = await Promise.all(config.sinks.map((sink) => rowOf(config, sink)));
  const { output } = context;
  if (options.output === 'json') {
    for (const row of rows) await output.line(JSON.stringify(row));
    return;
  }
  if (rows.length === 0) return output.line('no sinks: findings and events stay in the log');
  const heads = ['NAME', 'TYPE', 'CONTENT', 'BEHIND', 'BYTES', 'DEAD', 'ADDRESS'];
  const cells = rows.map((row) => [
    ...[row.name, row.type, row.content, row.whenBehind],
    ...[row.behindBytes === undefined ? 'new' : String(row.behindBytes), String(row.deadLetterBytes), row.address],
  ]);
  await output.line(table([heads, ...cells], output.tableColumns));
}

const testTimeoutMs = 30_000;

async function test(context: CliContext, name: string, options: ListOptions): Promise<void> {
  const [{ configuredSink }, { makeSink }, { sinkContext }, { testRecord }, { systemRandom }] = await Promise.all([
    import('../configured-sink.ts'),
    import('../../registry.ts'),
    import('../../pipeline/sink-context.ts'),
    import('../../pipeline/test-record.ts'),
    import('../../crypto/random.ts'),
  ]);
  const { config, sink } = await configuredSink(context, options.config, name);
  const { output } = context;
  const clock = { nowMs: Date.now };
  const signal = AbortSignal.timeout(testTimeoutMs);
  const cluster = config.cluster.name;
  const notice = (text: string): void => output.note(`auditveil: sink ${name}: ${text}`);
  const made = await makeSink(sink, await sinkContext({ cluster, clock, signal, notice }));
  const { content, minSeverity: severity } = sink;
  const id = `test-${Buffer.from(systemRandom(8)).toString('hex')}`;
  const write = async (): Promise<void> => {
    const record = testRecord({ content, id, cluster, severity, nowMs: Date.now() });
    const [outcome] = await made.write({ records: [record], end: { segment: 0, offset: 0 } }, signal);
    if (outcome?.status !== 'delivered') throw outcome?.fault ?? unanswered();
  };
  const steps: readonly (readonly [done: string, undone: string, step: () => Promise<void>])[] = [
    ['opened', 'it cannot be opened', () => made.open(signal)],
    ['it would take something now', 'it would take nothing now', () => made.check(signal)],
    [`took a test ${content === 'events' ? 'event' : 'finding'}: ${id}`, 'it did not take the test', write],
  ];
  try {
    for (const [done, undone, step] of steps) {
      const fault = await step().then(() => undefined, faultOf);
      await output.line(fault ? `failed  ${undone}: ${describeFault(fault)}` : `ok      ${done}`);
      if (fault) return context.setExitCode(exitCodes.failed);
    }
  } finally {
    await made.close();
  }
}

function faultOf(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault('the sink failed in an unexpected way', { code: 'E_SINK_UNEXPECTED' });
}

function unanswered(): Fault {
  return new Fault('the sink gave no outcome', { code: 'E_SINK_UNANSWERED' });
}
