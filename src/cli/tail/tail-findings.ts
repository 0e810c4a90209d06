import { exitCodes } from '../../core/faults.ts';
import type { Finding } from '../../core/finding.ts';
import type { CliContext } from '../output.ts';
import { ZoneClock } from '../zone-clock.ts';
import { compileExpressions } from './expressions.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { compileFilter } from './finding-filter.ts';
import { Gravest, lineWriter } from './line-writer.ts';
import { runLines } from './run-lines.ts';
import type { TailOptions } from './tail-options.ts';
import { wantedUsers } from './wanted-users.ts';

/** Findings of a feed: on the whole terminal, or as lines. */
export async function tailFindings(context: CliContext, feed: Feed, options: TailOptions): Promise<void> {
  const isWanted = compileFilter(await filterOf(context, options));
  const { output } = context;
  const style = {
    colour: options.color === 'auto' ? output.colour : options.color === 'always',
    ascii: options.ascii ?? false,
    clock: new ZoneClock(options.utc ? 'UTC' : (options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)),
    nowMs: Date.now,
  };
  const highlight = compileExpressions('--highlight', options.highlight);
  if (isInteractive(context, options)) {
    const { runScreen } = await import('./run-screen.ts');
    await runScreen({ context, feed, isWanted, ...style });
    return;
  }
  const gravest = new Gravest();
  const columns = output.isTerminal ? output.columns : undefined;
  const write = await lineWriter({ ...style, shape: options.output ?? { name: 'compact' }, columns, highlight });
  const batches = findingsOf(feed.read(context.stop, options.follow), output.note.bind(output));
  await runLines<Finding>({ context, batches, isWanted, write, gravest }, options);
  if (options.failOn !== undefined && gravest.isAtLeast(options.failOn)) context.setExitCode(exitCodes.found);
}

/** The whole terminal is used where nothing says that lines are wanted. */
function isInteractive({ output, stdin }: CliContext, options: TailOptions): boolean {
  const { plain, follow, limit, tail, failOn, highlight } = options;
  const isForLines =
    plain || !follow || options.output !== undefined || [limit, tail, failOn, highlight].some((one) => one !== undefined);
  return !isForLines && output.isTerminal && stdin.isTTY === true;
}

async function* findingsOf(
  feed: AsyncIterable<readonly FeedEvent[]>,
  say: (text: string) => void,
): AsyncGenerator<readonly Finding[] | undefined, void, undefined> {
  for await (const events of feed) {
    const findings: Finding[] = [];
    for (const event of events) {
      if (event.type === 'finding' && event.isNew) findings.push(event.item.finding);
      if (event.type === 'said') say(`auditveil: ${event.text}`);
    }
    yield findings;
    if (events.some(({ type }) => type === 'current')) yield undefined;
  }
}

async function filterOf(context: CliContext, options: TailOptions) {
  const { severity, rule, namespace, humans = false } = options;
  // What is looked up here cannot be noted in the log of a server.
  const users = await wantedUsers(context, { ...options, dataDir: options.server === undefined ? options.dataDir : undefined });
  return {
    ...{ severity, humans },
    include: compileExpressions('--include', options.include),
    exclude: compileExpressions('--exclude', options.exclude),
    ...(rule && { rules: rule }),
    ...(namespace && { namespaces: namespace }),
    ...(users && { users }),
  };
}
