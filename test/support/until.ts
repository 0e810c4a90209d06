import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so. @throws Error when it has not come true in time; `what` may be asked for when it has not */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  mostMs = 60_000,
  everyMs = 50,
): Promise<void> {
  for (const began = Date.now(); !(await holds()); await sleep(everyMs))
    if (Date.now() - began > mostMs) throw new Error(`not within ${mostMs} ms: ${typeof what === 'string' ? what : what()}`);
}
