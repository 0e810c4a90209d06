import { Command, Option } from 'commander';
import { exitCodes } from '../../core/faults.ts';
import type { DeadLetter } from '../../pipeline/read-dead-letters.ts';
import type { CliContext } from '../output.ts';

interface ReplayOptions {
  readonly config: string;
  readonly sink: string;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly fromStart?: boolean;
  readonly output: 'pretty' | 'json';
}

/** `auditveil replay`: what a sink rejected, again. */
export function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .summary('send again what a sink rejected')
    .description(
      'Records that a sink will never take, as its server says, are kept masked in a log of dead letters. This sends them through the same sink again, from where the last replay stopped: after the server, its limits or the options were changed. The agent may run or not; one replay of a sink at a time.',
    )
    .requiredOption('--sink <name>', 'the sink, by its name')
    .addOption(new Option('--config <file>', 'configuration of the agent').default('/etc/auditveil/config.yaml'))
    .option('--list', 'show what was rejected, when and why; send nothing')
    .option('--dry-run', 'say how many records would be sent; send nothing')
    .option('--from-start', 'begin at the oldest that is kept, not where the last replay stopped')
    .addOption(
      new Option('-o, --output <format>', 'of --list: for people, or JSON lines with the record')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all were sent, 1 the sink takes nothing (the rest is kept for the next replay), 6 some were rejected again.\n\nExample:\n  auditveil replay --sink search --list\n  auditveil replay --sink search',
    )
    .action((options: ReplayOptions) => replay(context, options));
}

async function replay(context: CliContext, options: ReplayOptions): Promise<void> {
  const { configuredSink } = await import('../configured-sink.ts');
  const { config, sink } = await configuredSink(context, options.config, options.sink);
  if (options.list || options.dryRun) return look(context, config.log.directory, options);
  const [{ replaySink }, { makeSink }, { sinkContext }] = await Promise.all([
    import('../../pipeline/replay-sink.ts'),
    import('../../registry.ts'),
    import('../../pipeline/sink-context.ts'),
  ]);
  const { output, stop: signal } = context;
  const clock = { nowMs: Date.now };
  const notice = (text: string): void => output.note(`auditveil: sink ${sink.name}: ${text}`);
  const made = await makeSink(sink, await sinkContext({ cluster: config.cluster.name, clock, signal, notice }));
  const { delivered, rejected, isWhole } = await replaySink(
    {
      ...{ directory: config.log.directory, name: sink.name, sink: made, batch: sink.batch, clock, notice },
      filter: { content: sink.content, minSeverity: 'informational' },
      fromStart: options.fromStart ?? false,
    },
    signal,
  );
  const again = rejected === 0 ? '' : `, ${rejected} rejected again (--from-start sends them once more)`;
  await output.line(`${sink.name}: ${delivered} sent${again}${isWhole ? '' : '; the sink takes no more, the rest is kept'}`);
  if (!isWhole) context.setExitCode(exitCodes.failed);
  else if (rejected > 0) context.setExitCode(exitCodes.partial);
}

/** Shows the records, or counts them. */
async function look(context: CliContext, directory: string, options: ReplayOptions): Promise<void> {
  const [{ DeadLetterBox }, { deadLetterFolder }] = await Promise.all([
    import('../../pipeline/read-dead-letters.ts'),
    import('../../pipeline/dead-letters.ts'),
  ]);
  const box = new DeadLetterBox(deadLetterFolder(directory, options.sink));
  let count = 0;
  if (await box.exists()) {
    for await (const { letters } of box.read(context.stop, options.fromStart ?? false)) {
      count += letters.length;
      if (options.list && letters.length > 0)
        await context.output.write(letters.map((letter) => `${textOf(letter, options)}\n`).join(''));
    }
  }
  const what = `dead letter${count === 1 ? '' : 's'}`;
  if (options.dryRun) await context.output.line(`${options.sink}: ${count} ${what} would be sent`);
  else if (options.output === 'pretty') context.output.note(`${options.sink}: ${count} ${what}`);
}

function textOf({ record, note }: DeadLetter, { output }: ReplayOptions): string {
  const payload = JSON.parse(Buffer.from(record.payload).toString('utf8')) as {
    readonly id?: unknown;
    readonly auditID?: unknown;
  };
  if (output === 'json') return JSON.stringify({ rejected: note, record: payload });
  const [id] = [payload.auditID, payload.id].filter((text) => typeof text === 'string');
  const received = new Date(record.receivedAtUs / 1000).toISOString();
  return `${note?.at ?? '?'}  ${note?.code ?? '?'}  ${id ?? record.digest} (received ${received})  ${note?.reason ?? ''}`;
}
