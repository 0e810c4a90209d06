import type { QueryPart, QueryRequest, QueryResult } from './run-query.ts';
import { StoreProcess } from './store-process.ts';

/** Answers SQL about the data folder of an agent, in a process of its own that ends with this. */
export class QuerySession {
  readonly #process: StoreProcess;

  constructor(dataDirectory: string, notice: (text: string) => void) {
    this.#process = new StoreProcess({ dataDirectory, notice });
  }

  /** @throws Fault E_QUERY_DUCKDB, E_USAGE_SQL, E_QUERY_FAILED, E_STORE_PROCESS */
  async query(request: QueryRequest, signal: AbortSignal, part: (part: QueryPart) => Promise<void> | void): Promise<QueryResult> {
    return (await this.#process.ask('query', [request], signal, (value) => part(value as QueryPart))) as QueryResult;
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
