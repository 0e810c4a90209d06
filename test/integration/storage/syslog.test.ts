import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { syslogSink } from '../../../src/config/sinks/syslog.ts';
import type { Fault } from '../../../src/core/faults.ts';
import { makeSyslogSink } from '../../../src/sinks/syslog/make-syslog-sink.ts';
import { freePort } from '../../faults/free-port.ts';
import { contractBatch, contractFinding, contractRecord } from '../../sinks/contract-records.ts';
import { sinkContract } from '../../sinks/sink-contract.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { until } from '../../support/until.ts';
import { ServerProcess, serverFolder, withServer } from './server-process.ts';

const signal = new AbortController().signal;
const end = { segment: 1, offset: 1 };

/** A message as syslog-ng took it apart. */
interface Taken {
  readonly PRIORITY: string;
  readonly FACILITY: string;
  readonly PROGRAM: string;
  readonly HOST: string;
  readonly MSGID: string;
  readonly MESSAGE: string;
  readonly SDATA: string;
}

withServer('SYSLOG_NG', 'syslog-ng.sh', (binary) => {
  const folder = serverFolder('syslog');
  const output = path.join(folder, 'out.log');
  const ports = { udp: 0, tcp: 0, tls: 0 };
  const ca = path.join(folder, 'cert.pem');
  let server: ServerProcess;

  const taken = (): readonly Taken[] =>
    readFileSync(output, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Taken);
  const sink = (transport: keyof typeof ports, options: object = {}, notices: string[] = []) => {
    const all = { type: 'syslog', host: '127.0.0.1', port: ports[transport], transport, timeoutMs: 3_000, ...options };
    return makeSyslogSink(
      syslogSink.options.parse({ ...all, ...(transport === 'tls' && { tls: { caFile: ca } }), ...options }),
      testSinkContext(notices),
    );
  };

  before(async function () {
    this.timeout(60_000);
    for (const name of ['udp', 'tcp', 'tls'] as const) ports[name] = await freePort();
    const key = path.join(folder, 'key.pem');
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', ca, ...subject],
      { stdio: 'ignore' },
    );
    const listen = (name: keyof typeof ports, more = '') =>
      `  syslog(ip("127.0.0.1") port(${ports[name]}) transport("${name}") ${more});`;
    writeFileSync(
      path.join(folder, 'syslog-ng.conf'),
      [
        '@version: 3.38',
        'options { keep-hostname(yes); log-msg-size(262144); flush-lines(1); };',
        'source s {',
        listen('udp'),
        listen('tcp'),
        listen('tls', `tls(key-file("${key}") cert-file("${ca}") peer-verify(optional-untrusted))`),
        '};',
        `destination d { file("${output}" template("$(format-json PRIORITY FACILITY PROGRAM HOST MSGID MESSAGE SDATA)\\n")); };`,
        'log { source(s); destination(d); };',
      ].join('\n'),
    );
    const at = (file: string) => path.join(folder, file);
    server = new ServerProcess(folder, {
      command: binary,
      args: ['-F', '--no-caps', '-f', at('syslog-ng.conf'), '-p', at('pid'), '-c', at('ctl'), '-R', at('persist')],
      isReady: async () => {
        const probe = sink('tcp');
        await probe.check(signal);
        return true;
      },
    });
    writeFileSync(output, '');
    await server.start();
  });
  beforeEach(() => truncate(output, 0));
  after(() => server.kill());

  for (const transport of ['udp', 'tcp', 'tls'] as const)
    it(`is taken apart as it was put together, over ${transport}`, async () => {
      const odd = 'a"b]c\\d=e|f\ng';
      const finding = maskedRecord({ ...contractFinding(4, odd) }, { type: 3 });
      const one = sink(transport, { format: 'native', hostname: 'node-7', facility: 'local3' });
      await one.open(signal);
      const outcomes = await one.write({ records: [finding], end }, signal);
      await one.close();
      expect(outcomes).to.deep.equal([{ status: 'delivered' }]);
      await until('a message', () => taken().length === 1, 5_000, 20);
      const [message] = taken();
      expect(message).to.include({ PRIORITY: 'err', FACILITY: 'local3', PROGRAM: 'auditveil', HOST: 'node-7', MSGID: 'finding' });
      expect(message!.SDATA).to.contain('name="a\\"b\\]c\\\\d=e|f g"').and.to.contain('id="contract-000004"');
      expect((JSON.parse(message!.MESSAGE) as { event: { name: string } }).event.name).to.equal(odd);
    });

  it('carries events of 60 KB over TCP, and cuts over UDP', async () => {
    const long = contractRecord('events', 1, 'x'.repeat(30_000));
    for (const transport of ['tcp', 'udp'] as const) {
      const one = sink(transport, { content: 'events' });
      await one.open(signal);
      await one.write({ records: [long], end }, signal);
      await one.close();
    }
    await until('two messages', () => taken().length === 2, 5_000, 20);
    const [whole, cut] = [...taken()].sort((a, b) => b.MESSAGE.length - a.MESSAGE.length);
    expect(Buffer.compare(Buffer.from(whole!.MESSAGE), Buffer.from(long.payload))).to.equal(0);
    expect(cut!.MESSAGE).to.match(/…$/);
    expect(cut!.SDATA).to.contain(`truncated="${long.payload.length}"`);
  });

  it('loses nothing while the receiver is restarted again and again', async function () {
    this.timeout(60_000);
    const one = sink('tcp', { content: 'events' });
    let isOver = false;
    const restarts = (async () => {
      for (let time = 0; time < 4; time++) {
        await sleep(150);
        await server.stop();
        await server.start();
      }
      isOver = true;
    })();
    let next = 0;
    while (!isOver || next < 2_000) {
      const outcomes = await one.write(contractBatch('events', next, 20), signal);
      if (outcomes[0]?.status === 'delivered') next += 20;
      await sleep(5);
    }
    await restarts;
    await one.close();
    // What stood unread in its buffers when it went has to come again. (What it had read and not written when it is killed is lost: caveat.)
    const ids = () => new Set(readFileSync(output, 'utf8').match(/contract-\d{6}/g));
    await until(
      () => `${ids().size} of ${next}`,
      () => ids().size === next,
      10_000,
      50,
    );
  });

  it('trusts only whom it is told to trust', async () => {
    const one = sink('tls', { tls: {} });
    const fault = (await one.open(signal).catch((error: unknown) => error)) as Fault;
    expect(fault.code).to.equal('E_SINK_TLS');
    expect(fault.remedy).to.contain('caFile');
  });

  sinkContract(
    'sinks/syslog over TLS with a real receiver',
    async () => ({
      make: (notices) => sink('tls', { format: 'cef' }, notices),
      received: async () => {
        await sleep(300);
        return [readFileSync(output, 'utf8')];
      },
      forget: () => truncate(output, 0),
      fail: async () => {
        await sleep(200);
        await server.kill();
      },
      recover: () => server.start(),
      close: () => server.start(),
    }),
    { content: 'findings', memoryRecords: 2_000 },
  );
});
