import type { EventFilter, EventPage, EventSeries, EventStore, HeatRow, TopColumn, TopRow } from '../core/event-store.ts';
import { StoreProcess } from './store-process.ts';

export interface OpenEventStoreOptions {
  /** Told of what a person should know, once: that there is no DuckDB. */
  readonly notice?: (text: string) => void;
}

/**
 * Questions about the masked events in the data folder of an agent, which may run or not, or not be there yet. Nothing is started
 * before the first question.
 */
export function openEventStore(dataDirectory: string, options: OpenEventStoreOptions = {}): Promise<EventStore> {
  const { notice = () => undefined } = options;
  return Promise.resolve(new ProcessStore(new StoreProcess({ dataDirectory, notice })));
}

/** An EventStore that asks a process of its own. */
export class ProcessStore implements EventStore {
  readonly #process: StoreProcess;

  constructor(process: StoreProcess) {
    this.#process = process;
  }

  search(filter: EventFilter, page: Parameters<EventStore['search']>[1], signal: AbortSignal): Promise<EventPage> {
    return this.#process.ask('search', [filter, page], signal) as Promise<EventPage>;
  }

  series(filter: EventFilter, stepMs: number, signal: AbortSignal): Promise<EventSeries> {
    return this.#process.ask('series', [filter, stepMs], signal) as Promise<EventSeries>;
  }

  top(filter: EventFilter, column: TopColumn, limit: number, signal: AbortSignal): Promise<readonly TopRow[]> {
    return this.#process.ask('top', [filter, column, limit], signal) as Promise<readonly TopRow[]>;
  }

  heat(filter: EventFilter, limit: number, signal: AbortSignal): Promise<readonly HeatRow[]> {
    return this.#process.ask('heat', [filter, limit], signal) as Promise<readonly HeatRow[]>;
  }

  event(digest: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#process.ask('event', [digest], signal) as Promise<string | undefined>;
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
