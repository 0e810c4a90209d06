import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { PostureReport } from '../../../src/detection/posture/posture.ts';
import { auditEvent, CliFolder } from '../run-cli.ts';

const secret = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const made = (user: string, name: string): string =>
  auditEvent({
    level: 'Request',
    verb: 'create',
    user: { username: user },
    objectRef: { resource: 'deployments', apiGroup: 'apps', apiVersion: 'v1', namespace: 'shop', name },
    responseStatus: { code: 201 },
    requestObject: {
      spec: {
        template: { spec: { containers: [{ name: 'web', image: `web-${secret}`, env: [{ name: 'TOKEN', value: secret }] }] } },
      },
    },
  });

describe('cli/commands/posture', () => {
  let folder: CliFolder;
  before(() => {
    folder = new CliFolder();
    writeFileSync(folder.file('audit.log'), `${made('alice@example.com', 'web')}\n${made('ci-robot', 'api')}\nnot an event\n`);
  });
  after(() => folder.remove());
  const report = async (...args: readonly string[]): Promise<PostureReport> =>
    JSON.parse((await folder.run(['posture', ...args, '-o', 'json'])).stdout) as PostureReport;
  const practice = (of: PostureReport, id: string) => of.practices.find((known) => known.id === id);

  it('shows what is not followed, what is, and what cannot be seen, without anything that was masked', async () => {
    const { code, stdout, stderr } = await folder.run(['posture', 'audit.log']);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain('1 of 3 events could not be masked safely and became stubs');
    expect(stdout)
      .to.contain('FOUND  workload.readiness-probe')
      .and.to.contain('deployments shop/web')
      .and.to.contain('Looked for and not found:')
      .and.to.contain('Cannot be seen in this log:')
      .and.to.contain('1 events could not be read');
    for (const raw of [secret, 'alice@example.com', 'ci-robot']) expect(stdout).not.to.contain(raw);
    expect(JSON.stringify(await report('audit.log'))).not.to.contain(secret);
  });

  it('takes a real name for a delivery, though the log holds its pseudonym', async () => {
    expect(practice(await report('audit.log'), 'delivery.by-hand')?.count).to.equal(2);
    expect(practice(await report('audit.log', '--delivered-by', 'ci-robot'), 'delivery.by-hand')?.count).to.equal(1);
  });

  it('reads what was masked before, and standard input', async () => {
    const masked = (await folder.run(['mask', 'audit.log'])).stdout;
    const { stdout } = await folder.run(['posture', '--delivered-by', 'ci-robot', '-o', 'json'], masked);
    const clear = await report('audit.log', '--delivered-by', 'ci-robot');
    expect(practice(JSON.parse(stdout) as PostureReport, 'delivery.by-hand')).to.deep.equal(practice(clear, 'delivery.by-hand'));
  });

  it('reads the data folder of an agent', async () => {
    const { code, stderr } = await folder.run(['run', 'audit.log', '--data-dir', 'data', '--once']);
    expect(code, stderr).to.equal(0);
    expect(practice(await report('data'), 'delivery.by-hand')?.count).to.equal(2);
  });

  it('fails where it is asked to', async () => {
    const code = async (...args: readonly string[]) => (await folder.run(['posture', 'audit.log', ...args])).code;
    expect(await code('--fail-on', 'image')).to.equal(5);
    expect(await code('--fail-on', 'debug.session,workload.liveness-probe')).to.equal(5);
    expect(await code('--fail-on', 'any')).to.equal(5);
    expect(await code('--fail-on', 'debug.session')).to.equal(0);
    const wrong = await folder.run(['posture', 'audit.log', '--fail-on', 'image.versoin']);
    expect([wrong.code, wrong.stderr]).to.deep.equal([2, wrong.stderr]);
    expect(wrong.stderr).to.contain('Did you mean `image.version`?');
  });

  it('says what is wrong with a folder that is no data folder, and with a version', async () => {
    expect((await folder.run(['posture', '.'])).stderr).to.contain('E_LOG_MISSING');
    expect((await folder.run(['posture', 'audit.log', '--server-version', 'new'])).code).to.equal(2);
  });
});
