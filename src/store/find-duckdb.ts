import { createRequire } from 'node:module';

/** Whether DuckDB is installed. Whether it can be loaded here is only known to who does so. */
export function hasDuckDb(): boolean {
  try {
    createRequire(import.meta.url).resolve('@duckdb/node-api');
    return true;
  } catch {
    return false;
  }
}
