import { setTimeout as delay } from 'node:timers/promises';
import type { Sink } from '../core/delivery.ts';
import { limits } from '../core/limits.ts';
import type { Reader } from '../core/log.ts';
import { SinkDelivery, type SinkDeliveryOptions } from './sink-delivery.ts';

export interface SinkLoopOptions extends SinkDeliveryOptions {
  readonly reader: Reader;
  /** Told of what delivers, so that it can be asked how it is. */
  readonly watch?: (delivery: SinkDelivery) => void;
}

export interface SinkLoopSignals {
  /** No more records will come: what is there is still delivered. */
  readonly ended: AbortSignal;
  /** The process wants to end: a sink that is down is not waited for. */
  readonly leave: AbortSignal;
  /** Everything ends where it stands. */
  readonly giveUp: AbortSignal;
}

/**
 * Feeds one sink from its own position, until the end of its log. What it cannot take now comes again, in order, and nothing
 * later overtakes it; what it rejects is kept aside. Whatever becomes of this sink, no other waits for it.
 */
export async function runSinkLoop(options: SinkLoopOptions, { ended, leave, giveUp }: SinkLoopSignals): Promise<void> {
  const { reader, sink } = options;
  const delivery = new SinkDelivery(options, leave, giveUp);
  options.watch?.(delivery);
  try {
    for await (const batch of reader.read(ended)) if (!(await delivery.deliver(batch))) return;
    for await (const batch of reader.read(giveUp, { follow: false })) if (!(await delivery.deliver(batch))) return;
  } catch (error) {
    if (!giveUp.aborted) throw error;
  } finally {
    await closed(sink);
  }
}

/** One that does not close in time, or not at all, keeps nobody from ending. */
async function closed(sink: Sink): Promise<void> {
  const over = new AbortController();
  const late = delay(limits.sinkCloseMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([sink.close().catch(() => undefined), late]);
  over.abort();
}
