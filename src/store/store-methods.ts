import { join } from 'node:path';
import type { EventFilter, EventStore, TopColumn } from '../core/event-store.ts';
import { ScanStore } from './scan-store.ts';
import type { StoreMethod } from './serve-store.ts';
import { makeSidecar } from './sidecar.ts';
import { StoredSegments } from './stored-segments.ts';

type Page = Parameters<EventStore['search']>[1];

/** What the process of questions can be asked, by the data folder of an agent. */
export function storeMethods(dataDirectory: string): Readonly<Record<string, StoreMethod>> {
  const directory = join(dataDirectory, 'events');
  const store: EventStore = new ScanStore(directory);
  return {
    search: ([filter, page], { signal }) => store.search(filter as EventFilter, page as Page, signal),
    series: ([filter, stepMs], { signal }) => store.series(filter as EventFilter, stepMs as number, signal),
    top: ([filter, column, limit], { signal }) => store.top(filter as EventFilter, column as TopColumn, limit as number, signal),
    heat: ([filter, limit], { signal }) => store.heat(filter as EventFilter, limit as number, signal),
    event: ([digest], { signal }) => store.event(digest as string, signal),
    sidecar: ([segment], { signal }) => sidecarOf(directory, segment as number, signal),
  };
}

/** Makes the sidecar of one closed segment; false where there is no such segment any more. */
async function sidecarOf(directory: string, number: number, signal: AbortSignal): Promise<boolean> {
  const segments = new StoredSegments(directory);
  const segment = (await segments.list()).find((one) => one.number === number && one.isClosed);
  if (segment) await makeSidecar(segments, segment, signal);
  return segment !== undefined;
}
