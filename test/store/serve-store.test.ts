import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { hasDuckDb } from '../../src/store/find-duckdb.ts';
import { StoreServer } from '../../src/store/serve-store.ts';
import type { FromStore } from '../../src/store/store-messages.ts';
import { openStoreService } from '../../src/store/store-service.ts';

const ask = (method: string, ...args: readonly unknown[]) => ({ type: 'ask', id: 1, method, args }) as const;

describe('store/serve-store', () => {
  it('answers, and tells faults with their remedy and other errors without their text', async () => {
    const said: FromStore[] = [];
    const server = new StoreServer(
      {
        twice: ([n]) => Promise.resolve(Number(n) * 2),
        fault: () => Promise.reject(new Fault('no', { code: 'E_X', remedy: 'Do so.' })),
        error: () => Promise.reject(new Error('planted secret')),
      },
      (message) => void said.push(message),
    );
    for (const method of ['twice', 'fault', 'error', 'constructor']) {
      server.hear(ask(method, 4));
      await turn();
    }
    expect(said[0]).to.deep.equal({ type: 'answer', id: 1, value: 8 });
    expect(said[1]).to.deep.include({ type: 'fault', fault: { message: 'no', code: 'E_X', remedy: 'Do so.', retryable: false } });
    expect(said.slice(2).map((message) => message.type === 'fault' && message.fault.code)).to.deep.equal([
      'E_STORE_FAILED',
      'E_STORE_FAILED',
    ]);
    expect(JSON.stringify(said)).not.to.include('planted');
  });

  it('hands over a part when the one before was taken, and stops when told to', async () => {
    const said: FromStore[] = [];
    const server = new StoreServer(
      {
        count: async (_args, { emit }) => {
          for (let n = 0; ; n++) await emit(n);
        },
      },
      (message) => void said.push(message),
    );
    server.hear(ask('count'));
    await turn();
    expect(said).to.deep.equal([{ type: 'part', id: 1, value: 0 }]);
    server.hear({ type: 'more', id: 1 });
    await turn();
    expect(said).to.have.length(2);
    server.hear({ type: 'stop', id: 1 });
    await turn();
    expect(said.at(-1)).to.include({ type: 'fault' });
    server.hear({ type: 'more', id: 1 });
    await turn();
    expect(said).to.have.length(3);
  });

  it('knows the questions of the contract', () => {
    expect(
      Object.keys(openStoreService({ dataDirectory: 'no-such-folder', notice: () => undefined }).methods),
    ).to.include.members(['search', 'series', 'top', 'heat', 'event', 'sidecar']);
    expect(hasDuckDb()).to.be.a('boolean');
  });
});
