import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { postgresqlSink, withTable } from '../../../src/config/sinks/postgresql.ts';
import { Fault } from '../../../src/core/faults.ts';
import { jsonbText } from '../../../src/sinks/postgresql/jsonb-text.ts';
import { isAboutRows, postgresqlFault } from '../../../src/sinks/postgresql/postgresql-fault.ts';
import { PostgresqlSink } from '../../../src/sinks/postgresql/postgresql-sink.ts';
import { createTableSql, insertSql } from '../../../src/sinks/postgresql/table-sql.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { root } from '../../support/source-files.ts';
import { contractBatch } from '../contract-records.ts';

const signal = new AbortController().signal;
const parse = (options: object) =>
  withTable(
    postgresqlSink.options.parse({ type: 'postgresql', host: '127.0.0.1', port: 1, database: 'd', user: 'u', ...options }),
  );

describe('sinks/postgresql', () => {
  it('gives jsonb nothing that it refuses, and changes nothing else', () => {
    expect(jsonbText('"\\u0000 \\\\u0000 \\\\\\u0000"')).to.equal('"\\ufffd \\\\u0000 \\\\\\ufffd"');
    expect(jsonbText('"\\ud83d\\ude00 \\ud83d \\ude00\\ud83dx \\uD83D\\uD83D\\uDE00"')).to.equal(
      '"\\ud83d\\ude00 \\ufffd \\ufffd\\ufffdx \\ufffd\\uD83D\\uDE00"',
    );
    const unit = fc.constantFrom('\\', 'u', '0', '0000', 'd', '8', '\u0000', '\ud83d', '\ude00', 'n', '"', 'é');
    fc.assert(
      fc.property(fc.array(unit), (units) => {
        const text = units.join('');
        // As Go writes it, and with everything escaped.
        const escaped = `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
        const wanted = new TextDecoder().decode(new TextEncoder().encode(text)).replaceAll('\0', '\ufffd');
        return [JSON.stringify(text), escaped].every((json) => JSON.parse(jsonbText(json)) === wanted);
      }),
    );
  });

  it('ships the SQL of its tables as it would run it', () => {
    for (const content of ['events', 'findings'] as const) {
      const file = readFileSync(join(root, `deploy/sql/postgresql-${content}.sql`), 'utf8');
      expect(file).to.contain(createTableSql(`auditveil_${content}`, content));
    }
  });

  it('keeps what is there, and takes later revisions of findings only', () => {
    expect(insertSql('a.b', 'events')).to.match(
      /^INSERT INTO "a"\."b" AS stored .* ON CONFLICT \("cluster", "digest"\) DO NOTHING$/,
    );
    expect(insertSql('f', 'findings')).to.match(
      /DO UPDATE SET .*"body" = EXCLUDED\."body" WHERE EXCLUDED\."revision" > stored\."revision"$/,
    );
  });

  it('says what to do, in words of its own', () => {
    const error = (code: string) => Object.assign(new Error('planted'), { code, severity: 'ERROR', detail: 'planted' });
    expect(postgresqlFault('db', error('42501')).remedy).to.contain('GRANT');
    expect(isAboutRows(error('22P05'))).to.equal(true);
    expect(isAboutRows(Object.assign(new Error(), { code: 'ECONNREFUSED' }))).to.equal(false);
    for (const code of ['22P05', '42501', 'XX000', '57P01']) {
      const fault = postgresqlFault('db', error(code));
      expect(`${fault.message} ${fault.remedy} ${String(fault.cause)}`).not.to.contain('planted');
      expect(fault.retryable).to.equal(!code.startsWith('22'));
    }
  });

  it('errors where nobody listens, and can be closed', async () => {
    const sink = new PostgresqlSink(parse({}), testSinkContext());
    const opened = await sink.open(signal).catch((error: unknown) => error);
    expect(opened).to.be.instanceOf(Fault).with.property('retryable', true);
    const outcomes = await sink.write(contractBatch('findings', 0, 3), signal);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['errored', 'errored', 'errored']);
    await sink.close();
  });

  it('never connects to the metadata service of a cloud', async () => {
    const opened = await new PostgresqlSink(parse({ host: '169.254.169.254' }), testSinkContext())
      .open(signal)
      .catch((error: unknown) => error);
    expect(opened).to.be.instanceOf(Fault).with.property('code', 'E_SINK_ADDRESS');
  });

  it('takes names of tables that need no escaping only', () => {
    expect(parse({}).table).to.equal('auditveil_findings');
    expect(() => parse({ table: 'a"; DROP TABLE b; --' })).to.throw();
  });
});
