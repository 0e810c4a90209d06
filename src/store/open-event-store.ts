import { join } from 'node:path';
import type { EventStore } from '../core/event-store.ts';
import { ScanStore } from './scan-store.ts';

export interface OpenEventStoreOptions {
  /** Told of what a person should know: that there is no DuckDB, that a process ended. */
  readonly notice?: (text: string) => void;
}

/**
 * Questions about the masked events in the data folder of an agent, which may run or not, or not be there yet. Nothing is read
 * before the first question.
 */
export function openEventStore(dataDirectory: string, options: OpenEventStoreOptions = {}): Promise<EventStore> {
  void options;
  return Promise.resolve(new ScanStore(join(dataDirectory, 'events')));
}
