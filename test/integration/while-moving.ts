import { setTimeout as sleep } from 'node:timers/promises';

/** Nothing has moved for so long: it never will. */
const quietSeconds = 180;

/** Waits as long as a number still changes: on a busy machine things take longer, and are no less right. @returns whether it held in the end */
export async function whileMoving(holds: () => boolean | Promise<boolean>, progress: () => number): Promise<boolean> {
  let before = progress();
  for (let movedMs = Date.now(); !(await holds()); await sleep(500)) {
    const now = progress();
    if (now !== before) movedMs = Date.now();
    if (Date.now() - movedMs > quietSeconds * 1000) return false;
    before = now;
  }
  return true;
}
