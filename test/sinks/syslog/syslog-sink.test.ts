import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { syslogSink } from '../../../src/config/sinks/syslog.ts';
import { recordTypes } from '../../../src/core/record.ts';
import { makeSyslogSink } from '../../../src/sinks/syslog/make-syslog-sink.ts';
import { frame, type StreamOptions, StreamTransport } from '../../../src/sinks/syslog/stream-transport.ts';
import { SyslogSink } from '../../../src/sinks/syslog/syslog-sink.ts';
import type { SyslogTransport } from '../../../src/sinks/syslog/syslog-transport.ts';
import { UdpTransport } from '../../../src/sinks/syslog/udp-transport.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { until } from '../../support/until.ts';
import { sinkContract } from '../sink-contract.ts';

const signal = new AbortController().signal;
const sinkOver = (transport: SyslogTransport) =>
  new SyslogSink({
    transport,
    facility: 'local0',
    hostname: 'node-1',
    appName: 'auditveil',
    enterpriseNumber: 32473,
    maxMessageBytes: 2048,
    finding: (finding) => `found ${finding.id}\nsecond line`,
  });
const batch = (...numbers: readonly number[]) => ({
  records: numbers.map((n) => maskedRecord({ auditID: `a${n}`, n })),
  end: { segment: 1, offset: 1 },
});
const numbersIn = (text: string) => [...text.matchAll(/"n":(\d+)\}/g)].map(([, n]) => Number(n));

/** A receiver that takes what comes. */
class Receiver {
  readonly server: Server = createServer((socket) => {
    this.sockets.push(socket);
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('utf8');
    });
    socket.on('error', () => undefined);
  });
  sockets: Socket[] = [];
  text = '';
  async listen(port = 0): Promise<number> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }
  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets = [];
    await once(this.server, 'close');
  }
}

describe('sinks/syslog', () => {
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  const over = (port: number, more: Partial<StreamOptions> = {}) => {
    const sink = sinkOver(
      new StreamTransport({
        host: '127.0.0.1',
        port,
        framing: 'octetCounting',
        timeoutMs: 500,
        resendBytes: 65_536,
        lookup: lookup as never,
        ...more,
      }),
    );
    open.push(() => sink.close());
    return sink;
  };

  it('frames by octets or by lines', () => {
    expect(Buffer.concat(frame(Buffer.from('é!'), 'octetCounting')).toString()).to.equal('3 é!');
    expect(Buffer.concat(frame(Buffer.from('é!'), 'newline')).toString()).to.equal('é!\n');
  });

  it('sends events and findings over TCP, and its end waits for the other side', async () => {
    const receiver = new Receiver();
    const sink = over(await receiver.listen());
    open.push(() => receiver.stop());
    const finding = maskedRecord(
      {
        id: 'f1',
        revision: 1,
        rule: { id: 'r', severity: 'critical' },
        time: '2026-05-04T10:15:00Z',
        cluster: 'lab',
        event: { sourceIPs: [] },
      },
      { type: recordTypes.finding },
    );
    await sink.open(signal);
    const outcomes = await sink.write({ records: [...batch(1).records, finding], end: { segment: 1, offset: 1 } }, signal);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['delivered', 'delivered']);
    await sink.close();
    const [first, length, second] = /^\d+ (<134>1 .*?\})(\d+) (<130>1 .*)$/.exec(receiver.text)!.slice(1);
    expect(first)
      .to.contain('auditID="a1"')
      .and.to.match(/\] \{"auditID":"a1","n":1\}$/);
    expect(second).to.match(
      /\[auditveil@32473 id="f1" revision="1" rule="r" severity="critical" cluster="lab"\] found f1 second line$/,
    );
    expect(Buffer.byteLength(second!)).to.equal(Number(length));
  });

  it('goes on where the receiver was away, and sends again what it may have lost', async () => {
    const first = new Receiver();
    const port = await first.listen();
    const sink = over(port);
    await sink.write(batch(1), signal);
    await until('arrival', () => numbersIn(first.text).length === 1, 1_500, 10);
    await first.stop();
    const lost = await sink.write(batch(2), signal);
    const second = new Receiver();
    open.push(() => second.stop());
    await second.listen(port);
    const outcomes = lost[0]?.status === 'errored' ? await sink.write(batch(2), signal) : lost;
    expect(outcomes[0]?.status).to.equal('delivered');
    await sink.write(batch(3), signal);
    await until('arrival', () => numbersIn(second.text).includes(3), 1_500, 10);
    expect(numbersIn(first.text + second.text)).to.include.members([1, 2, 3]);
    expect(numbersIn(second.text).at(-1)).to.equal(3);
  });

  it('says that nobody listens, and that it may pass', async () => {
    const receiver = new Receiver();
    const port = await receiver.listen();
    await receiver.stop();
    const [outcome] = await over(port).write(batch(1), signal);
    if (outcome?.status !== 'errored') throw new Error('not errored');
    expect(outcome.fault).to.include({ code: 'E_SINK_UNREACHABLE', retryable: true });
  });

  it('gives up a receiver that does not read', async () => {
    const receiver = new Receiver();
    receiver.server.on('connection', (socket) => socket.pause());
    const sink = over(await receiver.listen(), { timeoutMs: 150 });
    open.push(() => receiver.stop());
    let status = 'delivered';
    const many = batch(...Array.from({ length: 5000 }, (_, n) => n));
    for (let n = 0; n < 40 && status === 'delivered'; n++) status = (await sink.write(many, signal))[0]!.status;
    expect(status).to.equal('errored');
  });

  it('sends a datagram for each message over UDP', async () => {
    const server = createSocket('udp4');
    const got: string[] = [];
    server.on('message', (message) => got.push(message.toString('utf8')));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const sink = sinkOver(new UdpTransport({ host: '127.0.0.1', port: server.address().port, lookup: lookup as never }));
    open.push(() => sink.close());
    await sink.open(signal);
    expect((await sink.write(batch(1, 2), signal)).map(({ status }) => status)).to.deep.equal(['delivered', 'delivered']);
    await until('arrival', () => got.length === 2, 1_500, 10);
    expect(got[0]).to.match(/^<134>1 /);
    expect(numbersIn(got.join(''))).to.deep.equal([1, 2]);
  });
});

sinkContract(
  'sinks/syslog',
  async () => {
    let receiver = new Receiver();
    const port = await receiver.listen();
    let before = '';
    return {
      make: (notices) =>
        makeSyslogSink(
          syslogSink.options.parse({
            type: 'syslog',
            host: '127.0.0.1',
            port,
            transport: 'tcp',
            format: 'native',
            content: 'events',
          }),
          testSinkContext(notices),
        ),
      received: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [before + receiver.text];
      },
      forget: async () => {
        // What is on its way belongs to what was received.
        await new Promise((resolve) => setTimeout(resolve, 10));
        receiver.text = '';
      },
      fail: async () => {
        before += receiver.text;
        await receiver.stop();
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
      recover: async () => {
        receiver = new Receiver();
        await receiver.listen(port);
      },
      close: () => receiver.stop(),
    };
  },
  { content: 'events', memoryRecords: 5_000 },
);
