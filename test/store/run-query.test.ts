import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openLog } from '../../src/log/open-log.ts';
import { encodeEntries } from '../../src/log/record-encoder.ts';
import { loadDuckDb } from '../../src/store/open-duckdb.ts';
import { QuerySession } from '../../src/store/query-session.ts';
import { queryViews } from '../../src/store/query-views.ts';
import { readyQuestions } from '../../src/store/ready-questions.ts';
import type { QueryPart, QueryValue } from '../../src/store/run-query.ts';
import { hourMs, startMs, storedEvents, writeStoredEvents } from '../contract/stored-events.ts';
import { makeClock } from '../support/log-fixture.ts';

const never = new AbortController().signal;
const scope = { sinceMs: startMs - 30 * hourMs, untilMs: startMs + 900 * hourMs, limit: 1_000 };

/** A finding that was revised, and acknowledged after that. */
async function writeFindings(dataDirectory: string): Promise<void> {
  const clock = makeClock(startMs);
  const log = await openLog({ directory: join(dataDirectory, 'findings'), name: 'findings', clock, reserveBytes: 0, tickMs: 0 });
  const rule = {
    id: 'r1',
    name: 'Rule',
    severity: 'high',
    author: undefined,
    licence: undefined,
    tags: ['t'],
    covers: [],
  } as const;
  const event = { auditID: 'a', stage: 's', user: 'alice', verb: 'get', resource: 'pods', namespace: 'shop', name: 'web-0' };
  const rest = { sourceIPs: [], userAgent: undefined, code: 200 };
  const time = new Date(startMs).toISOString();
  const finding = (id: string, revision: number) =>
    ({ id, revision, rule, time, cluster: 'c', event: { ...event, ...rest }, evidence: {} }) as const;
  const by = { name: 'ann', uid: 7 };
  await log.append(
    encodeEntries([
      { type: 'finding', value: finding('f1', 1), receivedAtUs: startMs * 1000 },
      { type: 'finding', value: finding('f1', 2), receivedAtUs: startMs * 1000 },
      { type: 'finding', value: finding('f2', 1), receivedAtUs: startMs * 1000 },
      {
        type: 'note',
        value: { note: 'review', at: time, by, action: 'acknowledge', finding: 'f1' },
        receivedAtUs: startMs * 1000,
      },
    ]),
  );
  await log.close();
}

describe('store/run-query', () => {
  let directory: string;
  let session: QuerySession;
  before(async function () {
    if (!(await loadDuckDb())) this.skip();
    directory = mkdtempSync(join(tmpdir(), 'auditveil-query-test-'));
    await writeStoredEvents(directory);
    await writeFindings(directory);
    writeFileSync(join(directory, 'secret.csv'), 'planted\n');
    session = new QuerySession(directory, () => undefined);
  });
  after(async () => {
    await session?.close();
    if (directory) rmSync(directory, { recursive: true });
  });

  async function ask(sql: string, parquet?: string): Promise<{ columns: readonly string[]; rows: (readonly QueryValue[])[] }> {
    const [columns, rows]: [string[], (readonly QueryValue[])[]] = [[], []];
    await session.query({ sql, ...(parquet !== undefined && { parquet }) }, never, (part: QueryPart) => {
      if (part.kind === 'columns') columns.push(...part.columns);
      if (part.kind === 'rows') rows.push(...part.rows);
    });
    return { columns, rows };
  }

  it('answers about events, those of the open segment too, as numbers and times', async () => {
    const { columns, rows } = await ask(
      'SELECT count(*) AS n, sum(masked) AS m, max(event_time) AS t, any_value(source_ips) AS i FROM events;',
    );
    const last = Math.max(...storedEvents.map(({ timeMs }) => timeMs));
    expect(columns).to.deep.equal(['n', 'm', 't', 'i']);
    expect(rows[0]?.slice(0, 2)).to.deep.equal([
      storedEvents.length,
      storedEvents.reduce((sum, { masks }) => sum + masks[0] + masks[1], 0),
    ]);
    expect(Date.parse(String(rows[0]?.[2]))).to.equal(last);
    expect(rows[0]?.[3]).to.be.an('array');
  });

  it('knows findings by their last revision, what people said of them, and notes', async () => {
    const { rows } = await ask('SELECT id, revision, state, severity FROM findings ORDER BY id');
    expect(rows).to.deep.equal([
      ['f1', 2, 'acknowledged', 'high'],
      ['f2', 1, 'open', 'high'],
    ]);
    expect((await ask(`SELECT note, "by" FROM notes`)).rows).to.deep.equal([['review', 'ann']]);
  });

  it('has the columns that the schema shows, and answers every ready question', async () => {
    for (const { name, columns } of queryViews)
      expect((await ask(`SELECT * FROM ${name} LIMIT 1`)).columns).to.deep.equal(columns.map((column) => column.name));
    for (const question of readyQuestions) {
      const { columns } = await ask(question.sql({ ...scope, users: ["o'brien; --", 'alice'] }));
      expect(columns.length, question.name).to.be.at.least(2);
      await ask(question.sql({ ...scope, namespace: "x' OR true --" }));
    }
    expect(readyQuestions.length).to.be.at.least(12);
  });

  it('finds with ready questions what is there', async () => {
    const rowsOf = async (name: string) => (await ask(readyQuestions.find((one) => one.name === name)?.sql(scope) ?? '')).rows;
    const secrets = storedEvents.filter(
      ({ resource, verb }) => resource === 'secrets' && ['get', 'list', 'watch'].includes(verb),
    );
    const read = await rowsOf('who-read-secrets');
    expect(read.reduce((sum, row) => sum + Number(row[5]), 0)).to.equal(secrets.length);
    expect((await rowsOf('anonymous-access')).length).to.be.at.least(1);
    expect((await rowsOf('not-masked-safely')).length).to.equal(storedEvents.filter(({ isStub }) => isStub).length);
  });

  it('explains a SELECT', async () => {
    for (const explain of ['EXPLAIN', 'explain analyze\n'])
      expect((await ask(`${explain} SELECT username FROM events`)).rows).to.have.length(1);
  });

  it('writes Parquet where it was told to', async () => {
    const file = join(directory, 'out.parquet');
    writeFileSync(file, '');
    await ask('SELECT username FROM events -- the end', file);
    expect(readFileSync(file).subarray(0, 4).toString()).to.equal('PAR1');
  });

  for (const sql of [
    `SELECT * FROM read_text('DIR/secret.csv')`,
    `SELECT * FROM 'DIR/secret.csv'`,
    `SELECT * FROM read_csv('DIR/*.csv')`,
    `SELECT * FROM glob('DIR/*')`,
    `SELECT * FROM read_blob('DIR/events/0000000001.seg')`,
    `COPY events TO 'DIR/stolen.csv'`,
    `COPY events TO 'DIR/events/0000000001.parquet' (FORMAT parquet)`,
    `SET enable_external_access = true`,
    `SET allowed_directories = ['/']`,
    `RESET lock_configuration`,
    `ATTACH 'DIR/x.db'`,
    `CREATE TABLE t AS SELECT 1`,
    `DROP VIEW events`,
    `INSTALL httpfs`,
    `LOAD httpfs`,
    `EXPORT DATABASE 'DIR/x'`,
    `SELECT 1; COPY events TO 'DIR/stolen.csv'`,
    `EXPLAIN ANALYZE COPY events TO 'DIR/stolen.csv'`,
    `EXPLAIN ANALYZE COPY events TO 'DIR/events/0000000001.parquet' (FORMAT parquet, USE_TMP_FILE false)`,
    `/* a */ EXPLAIN (ANALYZE) COPY events TO 'DIR/events/0000000001.parquet' (FORMAT parquet, USE_TMP_FILE false)`,
    `EXPLAIN ANALYZE DROP VIEW events`,
    `SELECT 1) TO 'DIR/stolen.csv' --`,
    `SELECT nonsense FROM events`,
    'SELEC 1',
    '',
    '-- nothing',
  ])
    it(`refuses: ${sql}`, async () => {
      const names = readdirSync(directory);
      const error = await ask(sql.replaceAll('DIR', directory)).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'E_USAGE_SQL' });
      expect(String(error)).not.to.include('planted');
      expect(readdirSync(directory)).to.deep.equal(names);
      expect(existsSync(join(directory, 'stolen.csv'))).to.equal(false);
    });
});
