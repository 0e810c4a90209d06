import { availableParallelism } from 'node:os';
import type { OpenedEngine } from './open-engine.ts';
import type { WorkerPool } from './worker-pool.ts';

/** How many threads a choice of `workers` means on this machine. */
export function workerCount(workers: number | 'auto'): number {
  return workers === 'auto' ? availableParallelism() : workers;
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
  const count = workerCount(workers);
  if (count === 1) return undefined;
  const { WorkerPool } = await import('./worker-pool.ts');
  return new WorkerPool({ engine, workers: count, restarted: ended });
}
