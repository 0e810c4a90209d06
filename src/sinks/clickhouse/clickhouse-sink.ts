import type { ClickhouseSinkConfig } from '../../config/sinks/clickhouse.ts';
import { errored, type Outcome } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { MaskedRecord } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { sha256Hex } from '../../crypto/sha256.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { httpOptionsOf } from '../http/http-options.ts';
import { HttpSink } from '../http/http-sink.ts';
import type { Refused } from '../send-split.ts';
import { recordLines } from '../shared/record-line.ts';
import { rowJson } from '../shared/record-table.ts';
import { clickhouseFault, exceptionCode, isAboutRows } from './clickhouse-answer.ts';
import { createTableSql } from './clickhouse-table.ts';

/** Rows in a table of ClickHouse, a batch in one INSERT. */
export class ClickhouseSink extends HttpSink {
  readonly #options: ClickhouseSinkConfig;
  readonly #table: string;
  readonly #line: ReturnType<typeof recordLines>;
  #hasTable: boolean;

  constructor(options: ClickhouseSinkConfig, context: SinkContext) {
    super(httpOptionsOf(options, options.url, options.gzip), context);
    this.#options = options;
    this.#table = options.table ?? `auditveil_${options.content}`;
    this.#line = recordLines(options.format, context.product);
    this.#hasTable = !options.createTable;
  }

  protected override async prepare(signal: AbortSignal): Promise<void> {
    if (this.#hasTable) return;
    const answer = await this.client.request(this.#request(createTableSql(this.#table, this.#options.content), ''), signal);
    const fault = this.#faultOf(answer);
    if (fault) throw fault;
    this.#hasTable = true;
  }

  protected override checkRequest(): HttpRequest {
    return this.#request(`SELECT ${this.#options.content === 'events' ? 'digest' : 'id'} FROM ${this.#table} LIMIT 0`, '');
  }

  protected override faultOfCheck(answer: HttpAnswer): Fault | undefined {
    return this.#faultOf(answer);
  }

  protected override requestFor(records: readonly MaskedRecord[]): HttpRequest {
    const rows = records.map((record) => rowJson(record, this.#line, (json) => JSON.stringify(json)));
    const token = this.#options.deduplicationToken
      ? { insert_deduplication_token: sha256Hex(...records.map(({ digest }) => digest)) }
      : {};
    return this.#request(`INSERT INTO ${this.#table} FORMAT JSONEachRow`, `${rows.join('\n')}\n`, {
      date_time_input_format: 'best_effort',
      ...token,
    });
  }

  protected override outcomesOf(answer: HttpAnswer, records: readonly MaskedRecord[]): readonly Outcome[] | Refused {
    const code = exceptionCode(answer);
    const fault = code === 0 ? undefined : clickhouseFault(code);
    if (fault && isAboutRows(code)) return { refused: fault };
    if (fault) return records.map(() => errored(fault));
    return super.outcomesOf(answer, records);
  }

  #faultOf(answer: HttpAnswer): Fault | undefined {
    const { verdict } = answer;
    const code = exceptionCode(answer);
    const fault = code === 0 ? undefined : clickhouseFault(code);
    if (fault || verdict.kind === 'delivered') return fault;
    // What is refused without a code is the table, not a row: somebody can mend it.
    return new Fault(verdict.fault.message, {
      code: verdict.fault.code,
      remedy: verdict.fault.remedy ?? 'See whether `url` names the HTTP interface of ClickHouse; its log says more.',
      retryable: true,
    });
  }

  #request(query: string, body: string, settings: Readonly<Record<string, string>> = {}): HttpRequest {
    const parameters = new URLSearchParams({ database: this.#options.database, query, ...settings });
    // The query is done, and its errors known, before the status is sent.
    parameters.set('wait_end_of_query', '1');
    return { method: 'POST', path: `/?${parameters.toString()}`, headers: { 'content-type': 'application/x-ndjson' }, body };
  }
}
