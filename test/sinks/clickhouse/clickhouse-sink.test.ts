import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clickhouseSink } from '../../../src/config/sinks/clickhouse.ts';
import { ClickhouseSink } from '../../../src/sinks/clickhouse/clickhouse-sink.ts';
import { createTableSql } from '../../../src/sinks/clickhouse/clickhouse-table.ts';
import { tableColumns } from '../../../src/sinks/shared/record-table.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { root } from '../../support/source-files.ts';
import { contractBatch, planted } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

const never = new AbortController().signal;
const parse = (url: string, more: object = {}) => clickhouseSink.options.parse({ type: 'clickhouse', url, ...more });
const queryOf = ({ path }: SeenRequest) => new URL(path, 'http://x').searchParams;
const isInsert = (request: SeenRequest) => queryOf(request).get('query')?.startsWith('INSERT') === true;

/** A strict server: knows the three kinds of queries, and takes rows whose columns are those of the table. */
function answer(request: SeenRequest): Reply {
  const query = queryOf(request).get('query') ?? '';
  if (request.method !== 'POST') return { status: 405 };
  if (query.startsWith('CREATE TABLE IF NOT EXISTS ') || /^SELECT \w+ FROM \w+ LIMIT 0$/.test(query)) return { status: 200 };
  const content = /^INSERT INTO auditveil_(events|findings) FORMAT JSONEachRow$/.exec(query)?.[1] as
    | 'events'
    | 'findings'
    | undefined;
  const names = new Set(content ? tableColumns(content).map(({ name }) => name) : []);
  const rows = request.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const isRight = rows.every((row) => typeof row['body'] === 'string' && Object.keys(row).every((name) => names.has(name)));
  return isRight ? { status: 200 } : { status: 400, headers: { 'x-clickhouse-exception-code': '117' } };
}

describe('sinks/clickhouse/clickhouse-sink', () => {
  let server: HttpServer;
  let reply: ((request: SeenRequest) => Reply | undefined) | undefined;
  beforeEach(async () => {
    reply = undefined;
    server = await startHttpServer((request) => reply?.(request) ?? answer(request));
  });
  afterEach(() => server.close());

  it('makes its table once, and sends a batch with a token that a repeat has again', async () => {
    const sink = new ClickhouseSink(parse(server.url, { database: 'audit' }), testSinkContext());
    for (const from of [0, 5, 0]) await sink.write(contractBatch('events', from, 5), never);
    await sink.close();
    const [create, ...inserts] = server.requests.map(queryOf);
    expect(create?.get('query')).to.equal(createTableSql('auditveil_events', 'events'));
    const tokens = inserts.map((parameters) => parameters.get('insert_deduplication_token'));
    expect(tokens[0])
      .to.match(/^[0-9a-f]{64}$/)
      .and.to.equal(tokens[2])
      .and.not.to.equal(tokens[1]);
    expect(inserts.map((parameters) => parameters.get('database'))).to.deep.equal(['audit', 'audit', 'audit']);
    const [row] = server.requests[1]!.body.split('\n');
    const parsed = JSON.parse(row!) as Record<string, unknown>;
    expect(parsed).to.include({ verb: 'update', event_time: '2026-05-04T00:00:00.000000Z', is_stub: false });
    expect((JSON.parse(String(parsed['body'])) as { auditID: string }).auditID).to.equal('contract-000000');
  });

  it('tells a row that is wrong from a table that is', async () => {
    const sink = new ClickhouseSink(parse(server.url, { createTable: false }), testSinkContext());
    const outcomeFor = async (code: number, status = 400) => {
      reply = () => ({ status, headers: { 'x-clickhouse-exception-code': String(code) }, body: `Code: ${code}. ${planted}` });
      const [outcome] = await sink.write(contractBatch('events', 0, 1), never);
      if (outcome?.status === 'delivered' || outcome === undefined) throw new Error('delivered');
      expect(`${outcome.fault.message}${outcome.fault.remedy}`).not.to.contain(planted);
      return [outcome.status, outcome.fault.remedy?.split(/[,:;]/)[0]];
    };
    expect(await outcomeFor(26)).to.deep.equal(['rejected', 'Compare the types of the table with the SQL in deploy/sql.']);
    expect(await outcomeFor(60, 404)).to.deep.equal(['errored', 'Set `createTable']);
    expect(await outcomeFor(516, 403)).to.deep.equal(['errored', 'See to `auth` of this sink']);
    reply = () => ({ status: 500, body: `Code: 252. ${planted}` });
    const [old] = await sink.write(contractBatch('events', 0, 1), never);
    expect(old?.status === 'errored' && old.fault.remedy).to.contain('batch.waitMs');
    await sink.close();
  });

  it('ships the SQL of its tables as it would run it', () => {
    for (const content of ['events', 'findings'] as const)
      expect(readFileSync(join(root, `deploy/sql/clickhouse-${content}.sql`), 'utf8')).to.contain(
        createTableSql(`auditveil_${content}`, content),
      );
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/clickhouse/clickhouse-sink',
    () =>
      httpWorld({
        make: (url, notices) => new ClickhouseSink(parse(url, { content }), testSinkContext(notices)),
        answer,
        kept: (request) => (isInsert(request) ? [request.body] : []),
        refusal: () => ({ status: 400, headers: { 'x-clickhouse-exception-code': '27' } }),
      }),
    { content, memoryRecords: 4_000, tenRecordsBytes: content === 'events' ? 19_000 : 30_000 },
  );
