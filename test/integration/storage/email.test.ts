import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { expect } from 'chai';
import { emailSink } from '../../../src/config/sinks/email.ts';
import type { Outcome } from '../../../src/core/delivery.ts';
import { EmailSink } from '../../../src/sinks/email/email-sink.ts';
import { freePort } from '../../faults/free-port.ts';
import { contractBatch } from '../../sinks/contract-records.ts';
import { readMail } from '../../sinks/email/smtp-fake.ts';
import { sinkContract } from '../../sinks/sink-contract.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { root } from '../../support/source-files.ts';
import { ServerProcess, serverFolder, withServer } from './server-process.ts';

const signal = new AbortController().signal;
const password = 'integration-mail-password-1';

withServer('AIOSMTPD_PYTHON', 'aiosmtpd.sh', (python) => {
  const folder = serverFolder('smtp');
  const mails = path.join(folder, 'mails');
  const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  let port = 0;
  let server: ServerProcess;

  const sink = (options: object = {}, notices: string[] = []) => {
    const all = { type: 'email', host: '127.0.0.1', port, messageIntervalMs: 0, timeoutMs: 3_000, details: 100, updates: true };
    const account = { user: 'auditveil', password, from: 'auditveil@example.com', to: ['soc@example.com'] };
    const config = emailSink.options.parse({ ...all, ...account, tls: { caFile: certificate }, ...options });
    return new EmailSink(config, testSinkContext(notices));
  };
  const received = (): readonly string[] =>
    readdirSync(mails)
      .sort()
      .map((name) => readFileSync(path.join(mails, name), 'utf8'));
  const codeOf = (outcome: Outcome | undefined) => (outcome && 'fault' in outcome ? outcome.fault.message : outcome?.status);

  before(async function () {
    this.timeout(60_000);
    mkdirSync(mails);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...subject],
      {
        stdio: 'ignore',
      },
    );
    port = await freePort();
    server = new ServerProcess(folder, {
      command: python,
      args: [path.join(root, 'test/integration/storage/smtpd.py'), String(port), certificate, key, mails, password],
      isReady: () =>
        new Promise((resolve) => {
          const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
          socket.once('connect', () => socket.destroy());
        }),
    });
    await server.start();
  });
  beforeEach(async () => {
    for (const name of readdirSync(mails)) await rm(path.join(mails, name));
  });
  after(() => server.kill());

  it('logs in after STARTTLS and sends a digest that reads back', async () => {
    const [outcome] = await sink().write(contractBatch('findings', 0, 3), signal);
    expect(outcome?.status).to.equal('delivered');
    const [mail = ''] = received();
    const { subject, parts } = readMail(mail);
    expect(subject).to.contain('3 findings');
    expect(parts[0]).to.contain('contract-000002');
  });

  it('trusts only whom it is told to trust, and says that the password is wrong', async () => {
    const outcomeOf = async (options: object) => codeOf((await sink(options).write(contractBatch('findings', 0, 1), signal))[0]);
    expect(await outcomeOf({ tls: {} })).to.contain('not signed by an authority known here');
    expect(await outcomeOf({ password: 'wrong' })).to.contain('user or password is wrong');
    expect(received()).to.deep.equal([]);
  });

  sinkContract(
    'sinks/email with a real server',
    async () => ({
      make: (notices) => sink({}, notices),
      received: () => Promise.resolve(received().flatMap((mail) => readMail(mail).parts[0] ?? [])),
      forget: async () => {
        for (const name of readdirSync(mails)) await rm(path.join(mails, name));
      },
      fail: () => server.kill(),
      recover: () => server.start(),
      close: () => server.start(),
    }),
    { content: 'findings', memoryRecords: 2_000 },
  );
});
