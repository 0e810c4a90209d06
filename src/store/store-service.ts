import { join } from 'node:path';
import type { EventFilter, EventStore, TopColumn } from '../core/event-store.ts';
import { DuckStore } from './duck-store.ts';
import { HeadFiles } from './head-files.ts';
import { loadDuckDb, noDuckDbFault, openDuckDb } from './open-duckdb.ts';
import { type QueryRequest, runQuery } from './run-query.ts';
import { ScanStore } from './scan-store.ts';
import { ScratchFolder } from './scratch-folder.ts';
import type { StoreMethod } from './serve-store.ts';
import { makeSidecar } from './sidecar.ts';
import { StoredSegments } from './stored-segments.ts';

type Page = Parameters<EventStore['search']>[1];

export interface StoreMethodsOptions {
  /** Data folder of the agent. */
  readonly dataDirectory: string;
  readonly notice: (text: string) => void;
  /** For tests: as if DuckDB could not be loaded. */
  readonly withoutDuckDb?: boolean;
}

export interface StoreService {
  readonly methods: Readonly<Record<string, StoreMethod>>;
  /** Removes what was written for questions. */
  readonly close: () => void;
}

/** What the process of questions can be asked, by the data folder of an agent. */
export function openStoreService(options: StoreMethodsOptions): StoreService {
  const directory = join(options.dataDirectory, 'events');
  const scratch = new ScratchFolder(options.dataDirectory);
  const files = new HeadFiles(directory, scratch);
  const { withoutDuckDb = false } = options;
  let opening: Promise<EventStore> | undefined;
  const store = (): Promise<EventStore> => {
    opening ??= openStore(options, directory, scratch, files);
    return opening;
  };
  return {
    methods: {
      search: async ([filter, page], { signal }) => (await store()).search(filter as EventFilter, page as Page, signal),
      series: async ([filter, stepMs], { signal }) => (await store()).series(filter as EventFilter, stepMs as number, signal),
      top: async ([filter, column, limit], { signal }) =>
        (await store()).top(filter as EventFilter, column as TopColumn, limit as number, signal),
      heat: async ([filter, limit], { signal }) => (await store()).heat(filter as EventFilter, limit as number, signal),
      event: async ([digest], { signal }) => (await store()).event(digest as string, signal),
      query: async ([request], { signal, emit }) => {
        const duckDb = withoutDuckDb ? undefined : await loadDuckDb();
        if (!duckDb) throw noDuckDbFault();
        const { dataDirectory } = options;
        return runQuery(request as QueryRequest, { duckDb, files, scratch, dataDirectory, signal, emit });
      },
      sidecar: ([segment], { signal }) => sidecarOf(directory, segment as number, signal),
    },
    close: () => scratch.remove(),
  };
}

async function openStore(
  { notice, withoutDuckDb = false }: StoreMethodsOptions,
  directory: string,
  scratch: ScratchFolder,
  files: HeadFiles,
): Promise<EventStore> {
  const scan = new ScanStore(directory);
  const duckDb = withoutDuckDb ? undefined : await loadDuckDb();
  if (!duckDb) {
    notice('DuckDB is not installed or cannot be loaded here: questions read the log itself, which takes longer');
    return scan;
  }
  const { connect } = await openDuckDb(duckDb, { folders: [directory, scratch.path], spill: `${scratch.path}/spill` });
  return new DuckStore({ files, connect, scan });
}

/** Makes the sidecar of one closed segment; false where there is no such segment any more. */
async function sidecarOf(directory: string, number: number, signal: AbortSignal): Promise<boolean> {
  const segments = new StoredSegments(directory);
  const segment = (await segments.list()).find((one) => one.number === number && one.isClosed);
  if (segment) await makeSidecar(segments, segment, signal);
  return segment !== undefined;
}
