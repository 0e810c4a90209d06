import { parentPort } from 'node:worker_threads';
import type { InspectJob } from '../../src/pipeline/worker-messages.ts';

/** The worker thread as it is, but that events which say `dies-here` kill it, and those that say `dies-loudly` are quoted as it dies. */
const port = parentPort;
if (!port) throw new Error('a worker thread');
const listen = port.on.bind(port) as (name: string, listener: (job: InspectJob) => void) => typeof port;
Object.assign(port, {
  on: (name: string, hear: (job: InspectJob) => void) =>
    listen(name, (job) => {
      const { bytes, starts, ends, count } = job.tile;
      const text = Buffer.from(bytes.subarray(starts[0], ends[count - 1])).toString();
      if (text.includes('dies-here')) process.exit(7);
      if (text.includes('dies-loudly')) {
        process.stdout.write(text);
        process.stderr.write(text);
        throw new Error(text);
      }
      hear(job);
    }),
});
await import('../../src/pipeline/inspect-worker.ts');
