import { createServer } from 'node:net';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { addressOf, listenOn } from '../../src/core/listen-on.ts';

const how = { code: 'E_TEST_LISTEN', option: '`listen`' };

describe('core/listen-on', () => {
  it('says where it listens, and why it cannot', async () => {
    const [one, other] = [createServer(), createServer()];
    expect(addressOf(one)).to.equal(undefined);
    const address = await listenOn(one, '127.0.0.1:0', how);
    expect(address)
      .to.match(/^127\.0\.0\.1:\d+$/)
      .and.to.equal(addressOf(one));
    const faultAt = (listen: string) =>
      listenOn(other, listen, how).then(
        () => expect.fail(),
        (error: unknown) => error as Fault,
      );
    for (const [listen, reason, remedy] of [
      [address, 'EADDRINUSE', 'Something listens there already: choose another port in `listen`.'],
      ['127.0.0.1:99999', 'ERR_SOCKET_BAD_PORT', 'Check the address in `listen`.'],
      ['127.0.0.1:port', 'ERR_SOCKET_BAD_PORT', 'Check the address in `listen`.'],
    ] as const) {
      const fault = await faultAt(listen);
      expect(fault).to.be.instanceOf(Fault);
      expect([fault.code, fault.message, fault.remedy]).to.deep.equal([
        'E_TEST_LISTEN',
        `cannot listen on ${listen} (${reason})`,
        remedy,
      ]);
    }
    await new Promise((resolve) => one.close(resolve));
  });

  it('outlives what goes wrong with connections later', async () => {
    let failed = 0;
    const server = createServer();
    await listenOn(server, '127.0.0.1:0', { ...how, failed: () => failed++ });
    for (let i = 0; i < 3; i++) server.emit('error', new Error('accept EMFILE'));
    expect(failed).to.equal(3);
    await new Promise((resolve) => server.close(resolve));
    const quiet = createServer();
    await listenOn(quiet, '127.0.0.1:0', how);
    for (let i = 0; i < 3; i++) quiet.emit('error', new Error('accept EMFILE'));
    await new Promise((resolve) => quiet.close(resolve));
  });
});
