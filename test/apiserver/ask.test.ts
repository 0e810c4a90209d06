import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { ask, brokeOff } from '../../src/apiserver/ask.ts';

describe('apiserver/ask', () => {
  let server: Server;
  let url: URL;
  let answer: (response: ServerResponse) => void;
  before(async () => {
    server = createServer((_, response) => answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const codeOf = (timeoutMs: number): Promise<unknown> =>
    ask(url, {}, { timeoutMs, bytesAtMost: 1_000 }).then(
      () => 'answered',
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );

  it('waits for the last byte no longer than it is told, however many come before', async () => {
    answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('a'), 10);
      response.on('close', () => clearInterval(timer));
    };
    expect(await codeOf(200)).to.equal('ETIMEDOUT');
    answer = () => undefined;
    expect(await codeOf(50), 'nothing comes').to.equal('ETIMEDOUT');
  });

  it('breaks off an answer that is too long, or ends before its end', async () => {
    answer = (response) => void response.end('a'.repeat(2_000));
    expect(await codeOf(10_000)).to.equal(brokeOff);
    answer = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('a', () => response.destroy());
    };
    expect(await codeOf(10_000)).to.equal(brokeOff);
  });
});
