import { parentPort, workerData } from 'node:worker_threads';
import type { Inspector } from '../core/tile.ts';
import { inspectorsOf } from './engine-recipe.ts';
import { answerOf, type InspectJob, type WorkerMessage, type WorkerStart } from './worker-messages.ts';

/**
 * A worker thread: tiles in, masked tiles out, one after the other. Nothing raw leaves it but the tile's own memory, back to
 * where it came from. An error ends it: the pool starts another one.
 */
export async function serveTiles(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('worker threads are started by the pipeline');
  const { recipe } = workerData as WorkerStart;
  const inspectorWith = await inspectorsOf(recipe);
  /** The states of the keys that were told, and the inspector of the one in use. */
  const keys = new Map<number, NonNullable<InspectJob['keys']>>();
  let current: { readonly ring: number; readonly inspector: Inspector } | undefined;
  const inspectorOf = (ring: number): Inspector => {
    const told = keys.get(ring);
    if (!told) throw new Error('a job names keys that were not told');
    if (current?.ring !== ring) current = { ring, inspector: inspectorWith(told) };
    return current.inspector;
  };
  port.on('message', (job: InspectJob) => {
    if (job.keys) keys.set(job.ring, job.keys);
    const inspector = inspectorOf(job.ring);
    if (job.spare) inspector.recycle?.({ bytes: job.spare });
    const [answer, owned] = answerOf(inspector.inspect(job.tile), job.tile.bytes);
    port.postMessage(answer, owned);
  });
  port.postMessage('ready' satisfies WorkerMessage);
}
