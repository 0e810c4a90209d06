import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { Fault } from '../core/faults.ts';
import { unprintable } from '../core/unprintable.ts';
import { writeFindingFiles } from './finding-files.ts';
import type { HeadFiles } from './head-files.ts';
import { type DuckDbModule, interruptible, openDuckDb } from './open-duckdb.ts';
import { viewStatements } from './query-views.ts';
import type { ScratchFolder } from './scratch-folder.ts';
import { quoted } from './sql-text.ts';

/** A value of an answer: what JSON can hold. Times are RFC 3339. */
export type QueryValue = string | number | boolean | null | readonly QueryValue[] | { readonly [name: string]: QueryValue };

/** What comes of a query, in this order: progress, then columns, then rows. */
export type QueryPart =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly QueryValue[])[] };

export interface QueryRequest {
  readonly sql: string;
  /** Absolute path of a file that exists: it gets the answer as Parquet, and there are no rows. */
  readonly parquet?: string;
}

export interface QueryResult {
  readonly rows: number;
  /** What the answer does not cover, in words. */
  readonly notes: readonly string[];
}

export interface QueryOptions {
  readonly duckDb: DuckDbModule;
  readonly files: HeadFiles;
  readonly scratch: ScratchFolder;
  readonly dataDirectory: string;
  readonly signal: AbortSignal;
  readonly emit: (part: QueryPart) => Promise<void>;
}

/**
 * Runs one SELECT of a person over the views. It can read these views and nothing else of this machine, and write nothing; a locked
 * instance of DuckDB sees to that, not the text of the query.
 * @throws Fault E_USAGE_SQL for what is wrong with the query
 */
export async function runQuery({ sql, parquet }: QueryRequest, options: QueryOptions): Promise<QueryResult> {
  const { duckDb, files, scratch, dataDirectory, signal, emit } = options;
  const heads = await files.list({
    signal,
    progress: (made, missing) =>
      void emit({ kind: 'progress', text: `reads segments for the first time: ${made} of ${missing}` }).catch(() => undefined),
  });
  const { findings, notes, isAll } = await writeFindingFiles(dataDirectory, scratch, signal);
  const places = {
    files: [...heads, findings, notes, ...(parquet === undefined ? [] : [parquet])],
    spill: `${scratch.path}/spill`,
  };
  const instance = await openDuckDb(duckDb, places, async (connection) => {
    for (const statement of viewStatements({ heads, findings, notes })) await connection.run(statement);
  });
  try {
    const connection = await instance.connect();
    const rows = await interruptible(connection, signal, async () => {
      const statement = await onlySelect(duckDb, connection, sql);
      return parquet === undefined ? hand(duckDb, statement, emit) : copy(connection, sql, parquet);
    });
    return { rows, notes: isAll ? [] : ['older findings and notes than questions see were left out'] };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof Fault ? error : sqlFault(error);
  } finally {
    instance.close();
  }
}

/** What stands before the statement that is explained; other ways to write it are not answered. */
const explaining = /^\s*explain\s+(?:analyze\s+)?/i;

/** @throws Fault E_USAGE_SQL where the text is anything but one SELECT, or the explanation of one */
async function onlySelect(
  { StatementType }: DuckDbModule,
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBPreparedStatement> {
  const { SELECT, EXPLAIN } = StatementType;
  const statement = await oneStatement(connection, sql);
  // EXPLAIN ANALYZE runs what it explains, and COPY may write to the files that a query reads.
  const explained = statement?.statementType === EXPLAIN;
  const asked = explained ? await oneStatement(connection, sql.replace(explaining, '')) : statement;
  if (statement && asked?.statementType === SELECT) return statement;
  throw new Fault(statement ? 'only SELECT is answered' : 'that is not one statement', {
    code: 'E_USAGE_SQL',
    remedy: 'Give one SELECT; masked events can be read, not changed.',
  });
}

/** Undefined where there are none or several. */
async function oneStatement(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement | undefined> {
  const statements = await connection.extractStatements(sql).catch((error: unknown) => {
    // Its word for a text without any statement.
    if (error instanceof Error && error.message.startsWith('Error in native callback')) return undefined;
    throw error;
  });
  return statements?.count === 1 ? statements.prepare(0) : undefined;
}

async function hand(
  duckDb: DuckDbModule,
  statement: DuckDBPreparedStatement,
  emit: (part: QueryPart) => Promise<void>,
): Promise<number> {
  const result = await statement.stream();
  const types = Array.from({ length: result.columnCount }, (_, i) => result.columnTypeId(i));
  await emit({ kind: 'columns', columns: result.deduplicatedColumnNames() });
  let count = 0;
  for await (const rows of result.yieldRowsJson()) {
    count += rows.length;
    const values = (rows as QueryValue[][]).map((row) => row.map((value, i) => plainValue(duckDb, types[i], value)));
    if (rows.length > 0) await emit({ kind: 'rows', rows: values });
  }
  return count;
}

/** Numbers that JavaScript holds exactly are numbers; times are as audit events write them. */
function plainValue({ DuckDBTypeId: id }: DuckDbModule, type: number | undefined, value: QueryValue): QueryValue {
  if (typeof value !== 'string') return value;
  if (type === id.BIGINT || type === id.UBIGINT || type === id.HUGEINT || type === id.DECIMAL)
    return Number.isSafeInteger(Number(value)) || type === id.DECIMAL ? Number(value) : value;
  return type === id.TIMESTAMP && /^\d{4}-/.test(value) ? `${value.replace(' ', 'T')}Z` : value;
}

/** The query was found to be one SELECT; it stands on lines of its own, so that no comment of it reaches further. */
async function copy(connection: DuckDBConnection, sql: string, file: string): Promise<number> {
  const inner = sql.trim().replace(/;\s*$/, '');
  const result = await connection.run(
    `COPY (\n${inner}\n) TO ${quoted(file)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
  );
  return result.rowsChanged;
}

/** DuckDB's own words: about the query that was typed, and masked values at most. */
function sqlFault(error: unknown): Fault {
  const text = error instanceof Error ? error.message : 'unknown';
  const message = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 12)
    .map((line) => line.replace(unprintable, ' '))
    .join('\n  ');
  if (
    /^(Failed to extract statements: )?(Parser|Binder|Catalog|Conversion|Invalid Input|Permission|Not implemented) Error/.test(
      text,
    )
  )
    return new Fault(message.replace('Failed to extract statements: ', ''), {
      code: 'E_USAGE_SQL',
      remedy: '`auditveil query --schema` shows tables and columns.',
    });
  const remedy = /Out of Memory/i.test(text) ? 'Ask for less at once: a shorter time, fewer columns, a LIMIT.' : undefined;
  return new Fault(message, { code: 'E_QUERY_FAILED', retryable: true, ...(remedy !== undefined && { remedy }) });
}
