import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { limits } from '../core/limits.ts';
import { collectGarbage } from './collect-garbage.ts';

/** While the space may still grow: a second doubling in so short a time would take more survivors than there are. */
const lookEveryMs = 25;
/** Once it has come to its bound: V8 makes it smaller where little happens. */
const lookAgainMs = 1_000;
let isHeld = false;
/** When a start is over. */
const collectAfterMs = 500;

/**
 * Lets V8's heap grow little beyond what is alive, from now on: while the program starts, nearly everything stays alive, and collecting
 * again and again would take long.
 */
export function boundHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${limits.heapGrowthPercent}`);
}

/**
 * Keeps V8's space for new objects as it is, for the time of a start: nearly everything stays alive then, which makes V8 double it again and
 * again, and it never gives that back while there is work. To be followed by `boundMemory`.
 */
export function freezeNewSpace(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Bounds an agent's memory once its engine is there, which is most of what stays. */
export function boundMemory(workers: number): void {
  boundHeap();
  // The bound holds from the next full collection on, which may come when the heap has grown to twice what it needs.
  setTimeout(collectGarbage, collectAfterMs).unref();
  if (workers === 1) holdNewSpace();
  else setFlagsFromString('--semi-space-growth-factor=2');
}

/**
 * Holds V8's space for new objects at its bound. Not where there are worker threads, which grow to bounds of their own (`WorkerLane`): the
 * switch is for all threads at once.
 */
export function holdNewSpace(): void {
  if (isHeld) return;
  isHeld = true;
  let last = 0;
  const hold = (): void => {
    // It must be able to grow back, and never from half its bound to twice as much.
    const factor = newSpaceBytes() * 2 <= limits.newSpaceBytes ? 2 : 1;
    if (factor !== last) setFlagsFromString(`--semi-space-growth-factor=${factor}`);
    last = factor;
    setTimeout(hold, factor === 1 ? lookAgainMs : lookEveryMs).unref();
  };
  hold();
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? limits.newSpaceBytes;
}
