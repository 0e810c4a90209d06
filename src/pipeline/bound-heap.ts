import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { limits } from '../core/limits.ts';

const lookEveryMs = 1_000;
let isBound = false;

/**
 * Keeps V8's heap near what is alive, from now on: while the program starts, nearly everything stays alive, and collecting it again and
 * again would be most of the time. The space for new objects is held, too, unless other threads have one of their own
 * (`young: false`): the switch is for all threads at once, and each grows to its own bound (`WorkerLane`).
 */
export function boundHeap(young: boolean): void {
  if (isBound) return;
  isBound = true;
  setFlagsFromString(`--heap-growing-percent=${limits.heapGrowthPercent}`);
  if (!young) return;
  let last = 0;
  const hold = (): void => {
    // V8 makes the space smaller where little happens; it must be able to grow back, though it may then grow past the bound.
    const factor = newSpaceBytes() < limits.newSpaceBytes ? 2 : 1;
    if (factor !== last) setFlagsFromString(`--semi-space-growth-factor=${factor}`);
    last = factor;
  };
  hold();
  setInterval(hold, lookEveryMs).unref();
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? limits.newSpaceBytes;
}
