import { availableParallelism } from 'node:os';
import type { OpenedEngine } from './open-engine.ts';
import type { WorkerPool } from './worker-pool.ts';

/** How many threads a choice of `workers` means on this machine. */
export function workerCount(workers: number | 'auto'): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** Whether there are threads beside this one: then the engine is opened to be shared. */
export function isShared(workers: number | 'auto'): boolean {
  return workerCount(workers) > 1;
}

/** Tiles that may be on their way for this many workers: each has one and one that waits, and two are written. */
export function tilesInFlight(workers: number): number {
  return workers * 2 + 2;
}

/**
 * The threads asked for; undefined where one is enough, which is this one.
 * @param ended called when one has died and another takes its place
 */
export async function openWorkers(
  workers: number | 'auto',
  engine: OpenedEngine,
  ended: () => void,
): Promise<WorkerPool | undefined> {
  if (!isShared(workers)) return undefined;
  const { WorkerPool } = await import('./worker-pool.ts');
  return new WorkerPool({ engine, workers: workerCount(workers), restarted: ended });
}
