import { Fault } from '../core/faults.ts';
import { openLogReader } from '../log/open-log-reader.ts';

/** The cluster whose events a data folder holds, by its oldest record; `local` where there is none. */
export async function clusterOf(dataDirectory: string): Promise<string> {
  try {
    const reader = await openLogReader({ directory: `${dataDirectory}/events`, batchBytes: 64 * 1024 });
    try {
      for await (const { records } of reader.read(new AbortController().signal, { follow: false })) {
        const cluster = records.find(({ context }) => context !== undefined)?.context?.cluster;
        if (cluster !== undefined && cluster !== '') return cluster;
        break;
      }
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  return 'local';
}
