import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Sink } from '../core/delivery.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { takeLock } from '../log/lock-file.ts';
import { deadLetterFolder } from './dead-letters.ts';
import { DeadLetterBox } from './read-dead-letters.ts';
import { SinkDelivery, type SinkDeliveryOptions } from './sink-delivery.ts';

export interface ReplayRequest {
  /** The data folder of the agent. */
  readonly directory: string;
  readonly name: string;
  readonly sink: Sink;
  readonly filter: SinkDeliveryOptions['filter'];
  readonly batch: SinkDeliveryOptions['batch'];
  readonly fromStart: boolean;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
}

export interface Replayed {
  readonly delivered: number;
  readonly rejected: number;
  /** False: the sink took no more; what is left comes at the next replay. */
  readonly isWhole: boolean;
}

/** How often the lock shows that its holder lives. */
const lockRefreshMs = 5_000;

/**
 * Sends what a sink rejected through the same sink again, from where the last replay stopped. One replay of a sink at a time;
 * the agent may run or not. What is rejected again is counted and stays where it is until it is the oldest.
 * @throws Fault E_LOG_LOCKED while another replay of this sink runs
 */
export async function replaySink(request: ReplayRequest, stop: AbortSignal): Promise<Replayed> {
  const { directory, name, clock, fromStart } = request;
  const folder = deadLetterFolder(directory, name);
  const box = new DeadLetterBox(folder);
  if (!(await box.exists())) return { delivered: 0, rejected: 0, isWhole: true };
  // A lock of its own: that of the log belongs to the agent.
  await mkdir(join(folder, 'replay'), { recursive: true, mode: 0o700 });
  const lock = await takeLock(nodeFileSystem, join(folder, 'replay'), clock);
  const timer = setInterval(() => void lock.refresh().catch(() => undefined), lockRefreshMs).unref();
  try {
    return await send(request, box, fromStart, stop);
  } finally {
    clearInterval(timer);
    await request.sink.close();
    await lock.release();
  }
}

async function send(request: ReplayRequest, box: DeadLetterBox, fromStart: boolean, stop: AbortSignal): Promise<Replayed> {
  const { name, sink, filter, batch, clock, notice } = request;
  const counts = { delivered: 0, rejected: 0 };
  // Somebody waits for this: once the breaker opens it ends.
  const leave = new AbortController();
  const delivery = new SinkDelivery(
    {
      ...{ name, sink, filter, batch, clock, random: Math.random },
      reader: { commit: (position) => box.commit(position) },
      meter: {
        sunk: (_, result, count) => {
          if (result === 'delivered' || result === 'rejected') counts[result] += count;
        },
        sinks: { retried: () => undefined },
      },
      reject: async () => undefined,
      notice: (text) => {
        leave.abort();
        notice(text);
      },
    },
    AbortSignal.any([leave.signal, stop]),
    stop,
  );
  for await (const { letters, end } of box.read(stop, fromStart)) {
    const records = letters.map(({ record }) => record);
    if (!(await delivery.deliver({ records, end }))) return { ...counts, isWhole: false };
  }
  return { ...counts, isWhole: !stop.aborted };
}
