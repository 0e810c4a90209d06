import { nodeFileSystem } from '../log/file-system.ts';
import { letGo } from '../log/let-go.ts';
import type { NamedSink } from './prepare-sink-loop.ts';

const prefix = 'sink.';

/** The reader that feeds a sink from its log. */
export const sinkReader = (sink: string): string => `${prefix}${sink}`;

/**
 * A sink that is not among these any more would keep everything from being deleted, until the log is full. What it does is not
 * worth a failed start. Called before their readers are opened. @param sinks all that this process has, those of the transport too
 */
export async function letSinksGo(
  sinks: readonly Pick<NamedSink, 'name' | 'content'>[],
  directory: string,
  notice: (text: string) => void,
): Promise<void> {
  for (const log of ['events', 'findings'] as const) {
    const here = new Set(sinks.filter(({ content }) => content === log).map(({ name }) => sinkReader(name)));
    const isGone = (reader: string): boolean => reader.startsWith(prefix) && !here.has(reader);
    for (const reader of await letGo(nodeFileSystem, `${directory}/${log}`, isGone).catch(() => []))
      notice(`sink ${reader.slice(prefix.length)} is not in the configuration any more: the ${log} log keeps nothing for it`);
  }
}
