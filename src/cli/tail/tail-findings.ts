import type { Finding } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import type { LogReader } from '../../log/log-reader.ts';
import type { CliContext } from '../output.ts';
import { ZoneClock } from '../zone-clock.ts';
import { compileExpressions } from './expressions.ts';
import { compileFilter } from './finding-filter.ts';
import { Gravest, lineWriter } from './line-writer.ts';
import { logBatches } from './log-batches.ts';
import { runLines } from './run-lines.ts';
import type { TailOptions } from './tail-options.ts';
import { wantedUsers } from './wanted-users.ts';

/** Findings of a data folder as lines. */
export async function tailFindings(context: CliContext, reader: LogReader, options: TailOptions): Promise<void> {
  const isWanted = compileFilter(await filterOf(context, options));
  const gravest = new Gravest();
  const write = await lineWriter(lineOptions(context, options));
  const batches = findingsOf(logBatches(reader, context.stop, options.follow));
  await runLines<Finding>({ context, batches, isWanted, write, gravest }, options);
}

async function* findingsOf(
  batches: AsyncIterable<readonly MaskedRecord[] | undefined>,
): AsyncGenerator<readonly Finding[] | undefined, void, undefined> {
  for await (const records of batches)
    yield records?.filter(({ type }) => type === recordTypes.finding).map((record) => findingIn(record));
}

async function filterOf(context: CliContext, options: TailOptions) {
  const { severity, rule, namespace, humans = false } = options;
  const users = await wantedUsers(context, options);
  return {
    ...{ severity, humans },
    include: compileExpressions('--include', options.include),
    exclude: compileExpressions('--exclude', options.exclude),
    ...(rule && { rules: rule }),
    ...(namespace && { namespaces: namespace }),
    ...(users && { users }),
  };
}

function lineOptions({ output }: CliContext, options: TailOptions) {
  const { color, ascii = false, utc, timezone } = options;
  return {
    shape: options.output ?? ({ name: 'compact' } as const),
    columns: output.isTerminal ? output.columns : undefined,
    colour: color === 'auto' ? output.colour : color === 'always',
    clock: new ZoneClock(utc ? 'UTC' : (timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)),
    highlight: compileExpressions('--highlight', options.highlight),
    ...{ ascii, nowMs: Date.now },
  };
}
