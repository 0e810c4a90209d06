import type { DuckDBConnection } from '@duckdb/node-api';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { listOf } from './sql-text.ts';

export type DuckDbModule = typeof import('@duckdb/node-api');

/** DuckDB, which is an optional dependency; undefined where it is not installed or cannot be loaded on this machine. */
export async function loadDuckDb(): Promise<DuckDbModule | undefined> {
  try {
    return await import('@duckdb/node-api');
  } catch {
    return undefined;
  }
}

/** What an instance may touch: files by name, or whole folders. Nothing else can be read or written, and nothing is fetched. */
export interface DuckDbPlaces {
  readonly files?: readonly string[];
  readonly folders?: readonly string[];
  /** For what does not fit into memory. */
  readonly spill: string;
}

/** An instance in memory of its own; `prepare` runs before it is locked: afterwards no setting can be changed any more. */
export async function openDuckDb(
  { DuckDBInstance }: DuckDbModule,
  { files = [], folders = [], spill }: DuckDbPlaces,
  prepare: (connection: DuckDBConnection) => Promise<void> = () => Promise.resolve(),
): Promise<{ connect(): Promise<DuckDBConnection>; close(): void }> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    memory_limit: `${limits.duckDbBytes / 1024 / 1024}MiB`,
    max_temp_directory_size: `${limits.duckDbSpillBytes / 1024 / 1024}MiB`,
    temp_directory: spill,
    threads: String(limits.duckDbThreads),
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET allowed_paths = ${listOf(files)}`);
  await connection.run(`SET allowed_directories = ${listOf(folders.map((folder) => `${folder}/`))}`);
  await connection.run('SET enable_external_access = false');
  await prepare(connection);
  await connection.run('SET lock_configuration = true');
  connection.closeSync();
  return { connect: () => instance.connect(), close: () => instance.closeSync() };
}

/** Interrupts what runs on the connection once the signal aborts. @throws the reason of the signal */
export async function interruptible<T>(connection: DuckDBConnection, signal: AbortSignal, action: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const stop = (): void => connection.interrupt();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await action();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** There is no DuckDB, and it was asked for. */
export function noDuckDbFault(): Fault {
  return new Fault('SQL needs DuckDB, which is not installed or cannot be loaded here', {
    code: 'E_QUERY_DUCKDB',
    remedy:
      'Run `npm install @duckdb/node-api@1.5.6-r.1` beside this program (70 MB, needs glibc); nothing is fetched at run time.',
  });
}
