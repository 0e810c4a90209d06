import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { hasDuckDb } from '../../../src/store/find-duckdb.ts';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

const planted = 'planted-secret-42';

describe('cli/commands/query', () => {
  let folder: CliFolder;
  before(async function () {
    if (!hasDuckDb()) this.skip();
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    const secret = { kind: 'Secret', data: { password: Buffer.from(planted).toString('base64') } };
    const read = { verb: 'get', objectRef: { resource: 'secrets', namespace: 'shop', name: 'db' }, responseObject: secret };
    const events = [
      ...Array.from({ length: 5 }, () => auditEvent({ stageTimestamp: new Date().toISOString() })),
      ...Array.from({ length: 3 }, () =>
        auditEvent({ ...read, userAgent: '=cmd|calc', stageTimestamp: new Date().toISOString() }),
      ),
    ];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n`);
    const { code, stderr } = await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
    expect(code, stderr).to.equal(0);
  });
  after(() => folder?.remove());
  const query = (...args: readonly string[]) => folder.run(['query', ...args]);

  it('answers a ready question as a table, and notes that it was asked', async () => {
    const { code, stdout, stderr } = await query('who-read-secrets');
    expect(code, stderr).to.equal(0);
    expect(linesOf(stdout)[0]).to.match(/^username +verb +namespace +names/);
    expect(stdout).to.match(/\[MASKED:(?:user|email):.*get +shop +db .* 3 /);
    expect(`${stdout}${stderr}`).not.to.include(planted).and.not.to.include('alice@example.com');
    const notes = readdirSync(folder.file('auditveil-data/notes')).map((name) =>
      readFileSync(folder.file(`auditveil-data/notes/${name}`), 'utf8'),
    );
    expect(notes.some((note) => /"note":"queried"/.test(note) && /"question":"who-read-secrets"/.test(note))).to.equal(true);
  });

  it('finds a user by the real name, which is noted as its pseudonym only', async () => {
    const { stdout } = await query('what-a-user-did', '--user', 'alice@example.com', '-o', 'json');
    expect(linesOf(stdout)).to.have.length(8);
    expect((await query(`SELECT 'alice@example.com' AS email, 'password=${planted}' AS x`, '-o', 'json')).code).to.equal(0);
    expect((await query("SELECT count(*) FROM events WHERE verb = 'get' AND username = 'marisol'")).code).to.equal(0);
    for (const name of readdirSync(folder.file('auditveil-data/notes')))
      expect(readFileSync(folder.file(`auditveil-data/notes/${name}`), 'utf8'))
        .not.to.include('alice@example.com')
        .and.not.to.include('marisol')
        .and.not.to.include(planted);
  });

  it('writes CSV without formulas, and Parquet, into a file of its own', async () => {
    const sql = 'SELECT user_agent, count(*) AS n FROM events GROUP BY 1 ORDER BY 1';
    expect((await query(sql, '-o', 'csv', '--out', 'a.csv')).stdout).to.equal('a.csv: 2 rows\n');
    expect(readFileSync(folder.file('a.csv'), 'utf8')).to.equal("user_agent,n\r\n'=cmd|calc,3\r\nkubectl/v1.30.0,5\r\n");
    expect(statSync(folder.file('a.csv')).mode & 0o077).to.equal(0);
    expect((await query(sql, '-o', 'parquet', '--out', 'a.parquet')).code).to.equal(0);
    expect(readFileSync(folder.file('a.parquet')).subarray(0, 4).toString()).to.equal('PAR1');
    const again = await query(sql, '-o', 'csv', '--out', 'a.csv');
    expect([again.code, again.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 2 && text.includes('exists already'),
    );
  });

  it('says what is wrong with a question, and leaves no file', async () => {
    const wrong = await query('SELECT nonsense FROM events', '-o', 'csv', '--out', 'b.csv');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr)
      .to.match(/nonsense.*E_USAGE_SQL/s)
      .and.to.include('query --schema');
    expect(existsSync(folder.file('b.csv'))).to.equal(false);
    expect((await query('who-read-secretz')).stderr).to.include('Did you mean who-read-secrets?');
    expect((await query('what-a-user-did')).stderr).to.include('--user');
    expect((await query()).code).to.equal(2);
    expect((await query('who-read-secrets', '--data-dir', 'nowhere')).stderr).to.include('E_LOG_MISSING');
    expect((await query("COPY events TO 'c.csv'")).code).to.equal(2);
    expect(existsSync(folder.file('c.csv'))).to.equal(false);
  });

  it('shows questions and tables', async () => {
    expect(linesOf((await query('--list')).stdout).length).to.be.at.least(12);
    expect((await query('--schema')).stdout).to.match(/^events: [\s\S]*\nfindings: [\s\S]*\nnotes: /);
  });
});
