import { parentPort } from 'node:worker_threads';
import type { InspectJob } from '../../src/pipeline/worker-messages.ts';

/** The worker thread as it is, but that events which say `dies-here` kill it. */
const port = parentPort;
if (!port) throw new Error('a worker thread');
const listen = port.on.bind(port) as (name: string, listener: (job: InspectJob) => void) => typeof port;
Object.assign(port, {
  on: (name: string, hear: (job: InspectJob) => void) =>
    listen(name, (job) => {
      const { bytes, starts, ends, count } = job.tile;
      if (
        Buffer.from(bytes)
          .subarray(starts[0], ends[count - 1])
          .includes('dies-here')
      )
        process.exit(7);
      hear(job);
    }),
});
await import('../../src/pipeline/inspect-worker.ts');
