import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { clickhouseSink } from '../../../src/config/sinks/clickhouse.ts';
import type { Outcome } from '../../../src/core/delivery.ts';
import { ClickhouseSink } from '../../../src/sinks/clickhouse/clickhouse-sink.ts';
import { createTableSql } from '../../../src/sinks/clickhouse/clickhouse-table.ts';
import { freePort } from '../../faults/free-port.ts';
import { contractBatch } from '../../sinks/contract-records.ts';
import { sinkContract } from '../../sinks/sink-contract.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { ServerProcess, serverFolder, withServer } from './server-process.ts';

const signal = new AbortController().signal;
const password = 'integration-clickhouse-1';

/** Our table in the words of version 18. */
const oldSql = (content: 'events' | 'findings'): string =>
  createTableSql(`auditveil_${content}`, content)
    .replace(/LowCardinality\(String\)/g, 'String')
    .replace(/DateTime64\(6, 'UTC'\)/g, "DateTime('UTC')")
    .replace(/ Bool/g, ' UInt8')
    .replace(/ CODEC\(ZSTD\(3\)\)|SETTINGS.*/g, '');

withServer('CLICKHOUSE_SERVER', 'clickhouse.sh', (binary) => {
  const folder = serverFolder('clickhouse');
  let url = '';
  let server: ServerProcess;

  const ask = async (query: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`default:${password}`).toString('base64')}`;
    const answer = await fetch(`${url}/?query=${encodeURIComponent(query)}`, { method: 'POST', headers: { authorization } });
    return (await answer.text()).trim();
  };
  const sink = (options: object = {}, notices: string[] = []) => {
    const old = { type: 'clickhouse', url, createTable: false, deduplicationToken: false, auth: { user: 'default', password } };
    return new ClickhouseSink(clickhouseSink.options.parse({ ...old, ...options }), testSinkContext(notices));
  };

  before(async function () {
    this.timeout(60_000);
    const [http, tcp] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${http}`;
    const places = ['path', 'tmp_path', 'user_files_path', 'format_schema_path'].map(
      (name) => `<${name}>${path.join(folder, name)}/</${name}>`,
    );
    const cache =
      '<mark_cache_size>1000000</mark_cache_size><default_profile>default</default_profile><default_database>default</default_database>';
    writeFileSync(
      path.join(folder, 'config.xml'),
      `<yandex><logger><level>warning</level><console>1</console></logger><listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${tcp}</tcp_port>${places.join('')}<users_config>users.xml</users_config>${cache}</yandex>`,
    );
    writeFileSync(
      path.join(folder, 'users.xml'),
      `<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password>${password}</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>`,
    );
    server = new ServerProcess(folder, {
      command: binary,
      args: [`--config-file=${path.join(folder, 'config.xml')}`],
      isReady: async () => (await ask('SELECT 1')) === '1',
    });
    await server.start();
  });
  beforeEach(async () => {
    for (const content of ['events', 'findings'] as const) {
      await ask(`DROP TABLE IF EXISTS auditveil_${content}`);
      expect(await ask(oldSql(content))).to.equal('');
    }
  });
  after(() => server.kill());

  it('takes rows with every type of column', async () => {
    const outcomes = await sink().write(contractBatch('events', 0, 20), signal);
    expect(new Set(outcomes.map(({ status }) => status))).to.deep.equal(new Set(['delivered']));
    const columns = "count(), min(event_time), any(source_ips), any(code), min(visitParamExtractString(body, 'auditID'))";
    expect(await ask(`SELECT ${columns} FROM auditveil_events`)).to.equal(
      `20\t2026-05-04 00:00:00\t['192.0.2.7']\t200\tcontract-000000`,
    );
  });

  it('says which of setting, password and table is wrong', async () => {
    const remedyOf = async (options: object) => {
      const [outcome] = (await sink(options).write(contractBatch('events', 0, 1), signal)) as readonly [Outcome];
      return 'fault' in outcome ? outcome.fault.remedy : outcome.status;
    };
    expect(await remedyOf({ deduplicationToken: true })).to.contain('deduplicationToken: false');
    expect(await remedyOf({ auth: { user: 'default', password: 'wrong' } })).to.contain('`auth`');
    expect(await remedyOf({ table: 'nothing' })).to.contain('createTable');
  });

  for (const content of ['events', 'findings'] as const)
    sinkContract(
      'sinks/clickhouse with a real server',
      async () => {
        const key = content === 'events' ? 'audit_id' : 'id';
        return {
          make: (notices) => sink({ content, answerTimeoutMs: 3_000 }, notices),
          received: async () =>
            (await ask(`SELECT ${key} FROM auditveil_${content} ORDER BY ${key}`).catch(() => '')).split('\n'),
          forget: async () => void (await ask(`TRUNCATE TABLE auditveil_${content}`)),
          fail: () => server.kill(),
          recover: () => server.start(),
          hang: async () => server.freeze(),
          close: async () => {
            await server.kill();
            await server.start();
          },
        };
      },
      { content, memoryRecords: 2_000 },
    );
});
