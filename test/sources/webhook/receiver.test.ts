import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { ReceiverState } from '../../../src/core/receiver.ts';
import { post, type Running, runSource } from './post.ts';
import { open, say } from './raw.ts';

const body = '{"kind":"EventList","items":[{"auditID":"1"}]}';
const head = (...fields: readonly string[]): string =>
  `POST / HTTP/1.1\r\nHost: x\r\n${fields.map((f) => `${f}\r\n`).join('')}\r\n`;
const whole = `${head(`Content-Length: ${body.length}`)}${body}`;
const chunk = (text: string, size = text.length.toString(16)): string => `${size}\r\n${text}\r\n`;

describe('sources/webhook/receiver', () => {
  let running: Running | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  const events = (): number => running?.events.length ?? 0;

  it('answers requests that come one behind the other on a connection in their order', async () => {
    running = await runSource({ path: '/' });
    const wrong = 'POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n';
    const answers = await say(running.address, `${whole}${wrong}${whole.repeat(30)}`, { answers: 32 });
    expect(answers).to.deep.equal(['200', '404', ...Array.from({ length: 30 }, () => '200')]);
    expect(events()).to.equal(31);
  });

  it('answers a sender that closed its half after a whole body, and not one that did so within', async () => {
    running = await runSource();
    expect(await say(running.address, whole, { halfClose: true })).to.deep.equal(['200', 'closed']);
    expect(await say(running.address, whole.slice(0, -10), { halfClose: true })).to.not.include('200');
  });

  it('asks for the body where its sender waits for that', async () => {
    running = await runSource();
    const waiting = head('Expect: 100-continue', `Content-Length: ${body.length}`);
    expect(await say(running.address, waiting, { answers: 1 })).to.deep.equal(['100']);
    expect(await say(running.address, `${waiting}${body}`, { answers: 2 })).to.deep.equal(['100', '200']);
  });

  it('takes chunks of any size, with extensions and trailers', async () => {
    running = await runSource();
    const chunked = head('Transfer-Encoding: chunked');
    const ones = [...body].map((letter) => chunk(letter, '0001')).join('');
    for (const text of [
      `${chunk(body)}0\r\n\r\n`,
      `${ones}0\r\n\r\n`,
      `${chunk(body, `${body.length.toString(16)};name=value`)}0\r\nTrailer: x\r\n\r\n`,
    ])
      expect(await say(running.address, `${chunked}${text}`, { answers: 1 })).to.deep.equal(['200']);
    expect(events()).to.equal(3);
  });

  it('gives no 200 to a request that two readers could take for two things', async () => {
    running = await runSource();
    const length = `Content-Length: ${body.length}`;
    for (const text of [
      `${head(length, 'Transfer-Encoding: chunked')}${chunk(body)}0\r\n\r\n`,
      `${head(length, 'Content-Length: 5')}${body}`,
      `${head('Content-Length: -1')}${body}`,
      `${head('Content-Length: 1e3')}${body}`,
      `${head('Transfer-Encoding: chunked')}${chunk(body, 'ffffffffffffffffff')}0\r\n\r\n`,
      `${head('Transfer-Encoding: chunked')}${chunk(body, '-1')}0\r\n\r\n`,
      `${head('Transfer-Encoding: chunked')}${chunk(body, 'zz')}0\r\n\r\n`,
      `${head('Transfer-Encoding: gzip')}${body}`,
      `POST / HTTP/1.1\nHost: x\n${length}\n\n${body}`,
      `POST / HTTP/9.9\r\nHost: x\r\n${length}\r\n\r\n${body}`,
      `POST / \u0000HTTP/1.1\r\n\r\n`,
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n`,
      'GARBAGE\r\n\r\n',
    ])
      expect(await say(running.address, text, { halfClose: true }), JSON.stringify(text.slice(0, 60))).to.not.include('200');
    expect(events()).to.equal(0);
    expect(await say(running.address, whole, { answers: 1 })).to.deep.equal(['200']);
  });

  it('refuses headers beyond its bounds', async () => {
    running = await runSource();
    const long = head(`Authorization: Bearer ${'a'.repeat(200_000)}`, `Content-Length: ${body.length}`);
    expect(await say(running.address, `${long}${body}`)).to.deep.equal(['431', 'closed']);
    const many = head(...Array.from({ length: 5_000 }, (_, n) => `x-${n}: y`), `Content-Length: ${body.length}`);
    expect(await say(running.address, `${many}${body}`)).to.deep.equal(['431', 'closed']);
    expect(running.answers.filter((answer) => answer === 'header-too-large').length).to.equal(2);
  });

  it('gives the place of the slowest sender to the next where there are too many', async () => {
    running = await runSource({
      limits: { requests: 8, connectionsPerAddress: 64, bodyIdleMs: 60_000, bodyBytesPerSecond: 16_384 },
    });
    const { address } = running;
    const slow = Array.from({ length: 20 }, () => open(address));
    for (const socket of slow) socket.write(`${head('Content-Length: 100000')}{`);
    await wait(1_500);
    expect((await post(address, body)).status).to.equal(200);
    expect(running.answers).to.include('0 slow');
    for (const socket of slow) socket.destroy();
  });

  it('holds nothing any more of bodies that broke off', async () => {
    let state: () => ReceiverState = () => ({ connections: -1, requests: -1, bytes: -1 });
    const meter = {
      answered: () => undefined,
      disconnected: () => undefined,
      watch: (read: typeof state): void => {
        state = read;
      },
    };
    running = await runSource({ meter });
    const items = Array.from({ length: 20_000 }, (_, n) => `{"auditID":"${n}","x":"${'y'.repeat(50)}"}`).join(',');
    const text = `${head('Content-Length: 9000000')}{"kind":"EventList","items":[${items},`;
    for (let turn = 0; turn < 5; turn++) await say(running.address, text, { halfClose: true });
    for (let turn = 0; turn < 50 && state().bytes !== 0; turn++) await wait(20);
    expect(events()).to.be.greaterThan(10_000);
    expect([state().requests, state().bytes]).to.deep.equal([0, 0]);
  });
});
