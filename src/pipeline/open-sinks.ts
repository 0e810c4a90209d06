import { setTimeout as delay } from 'node:timers/promises';
import type { Sink } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';

interface Opening {
  readonly name: string;
  readonly sink: Pick<Sink, 'open'>;
}

/**
 * Begins to open all sinks side by side. One that cannot be opened now, because its server is away, must not keep the agent
 * from running: it goes on being tried by its own loop. A mistake in its options ends the start.
 * @returns for each sink, in order, why its opening failed, once that is known
 * @throws Fault that trying again cannot help, or whatever a sink should not have thrown
 */
export async function openSinks(
  sinks: readonly Opening[],
  signal: AbortSignal,
  notice: (text: string) => void,
  waitMs: number = limits.sinkOpenMs,
): Promise<readonly Promise<Fault | undefined>[]> {
  let isStarting = true;
  const openings = sinks.map(async ({ name, sink }) => {
    try {
      await sink.open(signal);
      return undefined;
    } catch (error) {
      if (!(error instanceof Fault) || (isStarting && !error.retryable)) throw error;
      if (isStarting) notice(`sink ${name}: it cannot be opened: ${error.message} (${error.code}). It is tried again.`);
      return error;
    }
  });
  const timer = new AbortController();
  const late = delay(waitMs, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    await Promise.race([Promise.all(openings), late]);
  } finally {
    isStarting = false;
    timer.abort();
  }
  return openings.map((opening) => opening.catch(unexpected));
}

function unexpected(): Fault {
  return new Fault('the sink failed in an unexpected way', { code: 'E_SINK_UNEXPECTED', retryable: true });
}
