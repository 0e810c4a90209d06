import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../core/faults.ts';

/** Waits between attempts: doubling from the first to the longest. A full disk is looked at often, a broken one not in a loop. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;

/**
 * Tries until it works. Only what may work later is tried again; other errors, and the abort of the signal, end it.
 * @param failed told of each attempt that failed
 */
export async function retry<T>(action: () => Promise<T>, signal: AbortSignal, failed: (fault: Fault) => void): Promise<T> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Fault) || !error.retryable || signal.aborted) throw error;
      failed(error);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}
