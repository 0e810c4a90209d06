import type { CliContext } from '../output.ts';
import type { TailOptions } from './tail-options.ts';

export interface LineRun<T> {
  readonly context: CliContext;
  /** As it comes; undefined once everything that was there has come. */
  readonly batches: AsyncIterable<readonly T[] | undefined>;
  readonly isWanted: (item: T) => boolean;
  readonly write: (item: T) => string;
  /** Told of what was shown. */
  readonly gravest?: { add(item: T): void };
}

/**
 * Writes what comes line by line, whole batches at once, with backpressure; ends with the input, after `limit` items, or
 * when asked to stop. A reader that goes away ends the program without a word (`OutputClosed`).
 */
export async function runLines<T>(run: LineRun<T>, options: Pick<TailOptions, 'limit' | 'tail'>): Promise<void> {
  const { context, batches, isWanted, write, gravest } = run;
  const { limit = Number.POSITIVE_INFINITY, tail } = options;
  let left = limit;
  /** The last of what was there, while only these are wanted. */
  let held: T[] | undefined = tail === undefined ? undefined : [];
  const show = async (items: readonly T[]): Promise<void> => {
    const shown = items.slice(0, left);
    left -= shown.length;
    for (const item of shown) gravest?.add(item);
    if (shown.length > 0) await context.output.write(shown.map(write).join(''));
  };
  for await (const batch of batches) {
    if (batch === undefined) {
      if (held) await show(held);
      held = undefined;
    } else {
      const wanted = batch.filter(isWanted);
      // `slice(-0)` would be all of them.
      if (held) held = tail === 0 ? [] : [...held, ...wanted].slice(-(tail ?? 0));
      else await show(wanted);
    }
    if (left <= 0) break;
  }
}
