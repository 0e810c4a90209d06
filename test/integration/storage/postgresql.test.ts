import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { postgresqlSink, withTable } from '../../../src/config/sinks/postgresql.ts';
import type { Fault } from '../../../src/core/faults.ts';
import { PostgresqlSink } from '../../../src/sinks/postgresql/postgresql-sink.ts';
import { freePort } from '../../faults/free-port.ts';
import { contractBatch, contractEvent, contractFinding, contractRecord } from '../../sinks/contract-records.ts';
import { sinkContract } from '../../sinks/sink-contract.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { plainUser, ServerProcess, serverFolder, withServer } from './server-process.ts';

const signal = new AbortController().signal;
const end = { segment: 1, offset: 1 };

withServer('POSTGRESQL_BIN', 'postgresql.sh', (bin) => {
  const folder = serverFolder('postgresql');
  const data = path.join(folder, 'data');
  let port = 0;
  let server: ServerProcess;

  const admin = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  const sink = (options: object = {}, notices: string[] = []) => {
    const all = {
      type: 'postgresql',
      host: '127.0.0.1',
      port,
      database: 'postgres',
      user: 'postgres',
      timeoutMs: 5_000,
      ...options,
    };
    return new PostgresqlSink(withTable(postgresqlSink.options.parse(all)), testSinkContext(notices));
  };

  before(async function () {
    this.timeout(60_000);
    execFileSync(path.join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '-N'], {
      cwd: folder,
      ...plainUser(),
    });
    port = await freePort();
    appendFileSync(
      path.join(data, 'postgresql.conf'),
      `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${folder}'\nfsync = off\n`,
    );
    server = new ServerProcess(folder, {
      command: path.join(bin, 'postgres'),
      args: ['-D', data],
      asPlainUser: true,
      // Its children would outlive a SIGKILL and go on answering.
      killSignal: 'SIGQUIT',
      isReady: async () => (await admin('SELECT 1')).length === 1,
    });
    await server.start();
  });
  beforeEach(() => admin('DROP TABLE IF EXISTS auditveil_events, auditveil_findings'));
  after(() => server.kill());

  describe('sinks/postgresql with a real server', () => {
    it('keeps one row for an event however often it comes', async () => {
      const one = sink({ content: 'events' });
      await one.open(signal);
      await one.write(contractBatch('events', 0, 5), signal);
      await one.write(contractBatch('events', 3, 5), signal);
      await one.close();
      const [row] = await admin(
        `SELECT count(*)::int AS n, min(source_ips[1]) AS ip, min(body->>'auditID') AS id, min(event_time) AS t FROM auditveil_events WHERE verb = 'update' AND code = 200`,
      );
      expect(row).to.deep.equal({ n: 8, ip: '192.0.2.7', id: 'contract-000000', t: new Date(Date.UTC(2026, 4, 4)) });
    });

    it('replaces a finding by its later revisions, in one batch and over several', async () => {
      const revision = (n: number) =>
        maskedRecord({ ...contractFinding(1), revision: n }, { type: 3, digest: String(n).padStart(32, '0') });
      const one = sink();
      await one.open(signal);
      for (const list of [[1, 3, 2], [2], [5]]) await one.write({ records: list.map(revision), end }, signal);
      await one.write({ records: [revision(4)], end }, signal);
      await one.close();
      expect(await admin(`SELECT revision, (body->>'revision')::int AS inside FROM auditveil_findings`)).to.deep.equal([
        { revision: 5, inside: 5 },
      ]);
    });

    it('takes NUL and halves of pairs as U+FFFD, and every other text as it is', async () => {
      const note = 'a\u0000b\ud83d "quotes" \\u0000 \\ \n\t$1 😀 end';
      const one = sink({ content: 'events' });
      await one.open(signal);
      const [outcome] = await one.write({ records: [contractRecord('events', 1, note)], end }, signal);
      await one.close();
      expect(outcome?.status).to.equal('delivered');
      const [row] = await admin(`SELECT name, body->'objectRef'->>'name' AS inside FROM auditveil_events`);
      const wanted = note.replace('\u0000', '\ufffd').replace('\ud83d ', '\ufffd ');
      expect(row).to.deep.equal({ name: wanted, inside: wanted });
    });

    it('finds the one row that the server refuses', async () => {
      const one = sink({ content: 'events' });
      await one.open(signal);
      const { records } = contractBatch('events', 0, 9);
      const bad = maskedRecord(JSON.stringify(contractEvent(4)).replace('"code":200', '"code":1e999999'), {
        digest: 'f'.repeat(32),
      });
      const outcomes = await one.write({ records: records.map((record, n) => (n === 4 ? bad : record)), end }, signal);
      await one.close();
      expect(outcomes.map(({ status }) => status)).to.deep.equal(records.map((_, n) => (n === 4 ? 'rejected' : 'delivered')));
      expect((await admin('SELECT count(*)::int AS n FROM auditveil_events'))[0]).to.deep.equal({ n: 8 });
    });

    it('says that the table is missing, and which right', async () => {
      await admin(`DROP ROLE IF EXISTS weak`);
      await admin(`CREATE ROLE weak LOGIN`);
      const faultOf = (options: object) => {
        const one = sink({ createTable: false, user: 'weak', ...options });
        return one
          .check(signal)
          .then(
            () => undefined,
            (error: unknown) => error as Fault,
          )
          .finally(() => one.close());
      };
      expect((await faultOf({}))?.remedy).to.contain('createTable');
      const one = sink();
      await one.open(signal);
      await one.close();
      expect((await faultOf({}))?.remedy).to.contain('GRANT');
      await admin('GRANT SELECT, INSERT, UPDATE ON auditveil_findings TO weak');
      expect(await faultOf({})).to.equal(undefined);
    });

    it('is closed soon where the server stands still', async () => {
      const one = sink();
      await one.open(signal);
      const [backend] = await admin(`SELECT pid FROM pg_stat_activity WHERE application_name = 'auditveil'`);
      process.kill(Number(backend?.['pid']), 'SIGSTOP');
      const began = Date.now();
      await one.close();
      process.kill(Number(backend?.['pid']), 'SIGCONT');
      expect(Date.now() - began).to.be.within(900, 3_000);
    });

    it('does not speak without TLS beyond this machine', async () => {
      const one = sink({ tls: {} });
      const fault = (await one.open(signal).catch((error: unknown) => error)) as Fault;
      await one.close();
      expect(fault.remedy).to.contain('ssl = on');
    });
  });

  for (const content of ['events', 'findings'] as const)
    sinkContract(
      'sinks/postgresql with a real server',
      async () => {
        const table = `auditveil_${content}`;
        const key = content === 'events' ? 'audit_id' : 'id';
        return {
          make: (notices) => sink({ content }, notices),
          received: async () =>
            (await admin(`SELECT ${key} AS id FROM ${table} ORDER BY 1`).catch(() => [])).map(({ id }) => String(id)),
          forget: async () => void (await admin(`TRUNCATE ${table}`)),
          fail: () => server.kill(),
          recover: () => server.start(),
          refuse: async (text) => {
            await admin(`ALTER TABLE IF EXISTS ${table} DROP CONSTRAINT IF EXISTS refused`);
            await sink({ content }).open(signal);
            await admin(`ALTER TABLE ${table} ADD CONSTRAINT refused CHECK (body::text NOT LIKE '%${text}%')`);
          },
          hang: async () => {
            await admin(
              `CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$`,
            );
            await admin(`CREATE TRIGGER slow BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION slow()`);
          },
          close: async () => {
            await server.start();
            await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'auditveil'`);
          },
        };
      },
      { content, memoryRecords: 5_000 },
    );
});
