import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { hasDuckDb } from '../store/find-duckdb.ts';
import { StoreProcess } from '../store/store-process.ts';
import { SidecarKeeping } from './sidecar-keeping.ts';

export interface OpenSidecarsOptions {
  readonly config: Config;
  readonly log: SegmentLog;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
}

/** Keeps the sidecars of the events log, made in a process of its own. */
export function openSidecars({ config, log, clock, notice }: OpenSidecarsOptions): { stop(): Promise<void> } {
  const { directory: dataDirectory, sidecars = hasDuckDb() } = config.log;
  const process = new StoreProcess({ dataDirectory, notice, idleMs: 10_000 });
  const make = (segment: number, signal: AbortSignal): Promise<unknown> => process.ask('sidecar', [segment], signal);
  const directory = `${dataDirectory}/events`;
  const keeping = new SidecarKeeping({ directory, log, clock, notice, make: sidecars ? make : undefined });
  return {
    async stop() {
      await keeping.stop();
      await process.close();
    },
  };
}
