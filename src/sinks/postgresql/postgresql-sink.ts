import { Client, type ClientConfig } from 'pg';
import type { PostgresqlSinkConfig } from '../../config/sinks/postgresql.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { isLoopbackAddress } from '../http/forbidden-address.ts';
import { forbiddenHost } from '../http/guarded-lookup.ts';
import { withDeadline } from '../http/with-deadline.ts';
import { type Refused, sendSplit } from '../send-split.ts';
import { readSecretText } from '../shared/read-secret.ts';
import { readTls } from '../shared/read-tls.ts';
import { recordLines } from '../shared/record-line.ts';
import { rowJson } from '../shared/record-table.ts';
import { withinTime } from '../shared/within-time.ts';
import { GuardedSocket } from './guarded-socket.ts';
import { jsonbText } from './jsonb-text.ts';
import { isAboutRows, postgresqlFault } from './postgresql-fault.ts';
import { createTableSql, insertSql, neededRights, quoted } from './table-sql.ts';

/** Longest wait for the end of a connection. */
const farewellMs = 1_000;

/**
 * Rows in a table of PostgreSQL, a batch in one statement and so in one transaction. What is there already stays, by digest of the event;
 * a finding is replaced by its later revisions. Delivered once the server has committed.
 */
export class PostgresqlSink implements Sink {
  readonly #options: PostgresqlSinkConfig;
  readonly #line: ReturnType<typeof recordLines>;
  #client: Client | undefined;

  constructor(options: PostgresqlSinkConfig, context: SinkContext) {
    this.#options = options;
    this.#line = recordLines(options.format, context.product);
  }

  async open(signal: AbortSignal): Promise<void> {
    const { createTable, table, content } = this.#options;
    if (createTable) await this.#query(createTableSql(table, content), [], signal);
    else await this.#query('SELECT 1', [], signal);
  }

  async check(signal: AbortSignal): Promise<void> {
    const { table, content, host } = this.#options;
    const rights = neededRights[content].map((right) => `has_table_privilege(to_regclass($1), '${right}')`).join(' AND ');
    const rows = await this.#query(`SELECT ${rights} AS allowed`, [quoted(table)], signal);
    const allowed = (rows[0] as { readonly allowed?: boolean | null } | undefined)?.allowed;
    if (allowed !== true) throw postgresqlFault(host, { severity: 'ERROR', code: allowed === false ? '42501' : '42P01' });
  }

  async write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return sendSplit(batch.records, (records) => this.#insert(records, signal), signal);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    // A server that stands still would never say goodbye.
    await withinTime(client.end(), farewellMs, new AbortController().signal).catch(() => this.#drop(client));
  }

  async #insert(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    const { table, content } = this.#options;
    const rows = lastRevisions(records).map((record) => jsonbText(rowJson(record, this.#line, (json) => json)));
    try {
      await this.#query(insertSql(table, content), [`[${rows.join(',')}]`], signal);
      return records.map(() => delivered);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'E_SINK_REFUSED') return { refused: error };
      return records.map(() => errored(error));
    }
  }

  /** @throws Fault; the connection is given up unless only the rows were refused */
  async #query(text: string, values: readonly string[], signal: AbortSignal): Promise<readonly unknown[]> {
    const { host, timeoutMs } = this.#options;
    try {
      return await withDeadline(timeoutMs, signal, async (ended) => {
        const stop = (): void => this.#drop();
        ended.addEventListener('abort', stop, { once: true });
        try {
          this.#client ??= await this.#connect();
          const result = await this.#client.query<Record<string, unknown>>(text, [...values]);
          return result.rows;
        } finally {
          ended.removeEventListener('abort', stop);
        }
      });
    } catch (error) {
      if (!isAboutRows(error)) this.#drop();
      throw postgresqlFault(host, error);
    }
  }

  async #connect(): Promise<Client> {
    const client = new Client(await clientConfig(this.#options));
    // An idle connection that breaks is noticed at the next query.
    client.on('error', () => this.#drop(client));
    client.on('end', () => this.#drop(client));
    this.#connecting = client;
    await client.connect();
    return client;
  }

  #connecting: Client | undefined;

  /** Ends the connection without waiting for anybody. */
  #drop(client = this.#client ?? this.#connecting): void {
    if (client === this.#client) this.#client = undefined;
    if (client === this.#connecting) this.#connecting = undefined;
    const { connection } = (client ?? {}) as { readonly connection?: { readonly stream: { destroy(): void } } };
    connection?.stream.destroy();
  }
}

/** Of several revisions of one finding only the last: one statement may not change a row twice. */
function lastRevisions(records: readonly MaskedRecord[]): readonly MaskedRecord[] {
  const last = new Map<string, MaskedRecord>();
  for (const record of records) {
    const key = record.type === recordTypes.finding ? findingKey(record) : record.digest;
    const other = last.get(key);
    if (!other || record.type !== recordTypes.finding || findingIn(other).revision <= findingIn(record).revision)
      last.set(key, record);
  }
  return [...last.values()];
}

const findingKey = (record: MaskedRecord): string => `${findingIn(record).cluster}\n${findingIn(record).id}`;

/** @throws Fault */
async function clientConfig(options: PostgresqlSinkConfig): Promise<ClientConfig> {
  const { host, port, database, user, allowUnprotected, tls } = options;
  const refused = forbiddenHost(host);
  if (refused) throw refused;
  const isLocal = host.startsWith('/') || host === 'localhost' || isLoopbackAddress(host);
  const isPlain = tls === undefined && (isLocal || allowUnprotected);
  return {
    ...{ host, port, database, user },
    password: (await readSecretText(options.password, options.passwordFile)) ?? '',
    ssl: isPlain ? false : await readTls(tls),
    stream: () => new GuardedSocket(),
    keepAlive: true,
    application_name: 'auditveil',
    // A server that is busy with what nobody waits for any more would be asked again and again.
    statement_timeout: options.timeoutMs,
  };
}
