import { expect } from 'chai';
import { openEventStore, ProcessStore } from '../../src/store/open-event-store.ts';
import { QuerySession } from '../../src/store/query-session.ts';
import { StoreProcess } from '../../src/store/store-process.ts';
import { describeEventStore } from '../contract/event-store-contract.ts';

describe('store/open-event-store', () => {
  describeEventStore((directory) => openEventStore(directory), { runs: 3 });

  describe('without DuckDB', () => {
    const notices: string[] = [];
    const without = (dataDirectory: string): StoreProcess =>
      new StoreProcess({ dataDirectory, engine: 'scan', notice: (text) => void notices.push(text) });
    describeEventStore((directory) => Promise.resolve(new ProcessStore(without(directory))), { runs: 2 });

    it('says so once, and that SQL needs it', async () => {
      const started = without('no-such-folder');
      const store = new ProcessStore(started);
      const before = notices.length;
      const never = new AbortController().signal;
      for (let i = 0; i < 3; i++) await store.search({ range: { sinceMs: 0, untilMs: 1 } }, { limit: 1 }, never);
      expect(notices.slice(before)).to.have.length(1);
      expect(notices.at(-1)).to.include('DuckDB');
      const error = await started.ask('query', [{ sql: 'SELECT 1' }], never).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'E_QUERY_DUCKDB' });
      expect(String((error as { readonly remedy?: string }).remedy)).to.include('npm install');
      await store.close();
    });
  });

  it('answers SQL in a session that ends', async () => {
    const session = new QuerySession('no-such-folder', () => undefined);
    const error = await session
      .query({ sql: 'COPY x TO y' }, new AbortController().signal, () => undefined)
      .then(
        () => undefined,
        (cause: unknown) => cause,
      );
    expect((error as { readonly code?: string }).code).to.be.oneOf(['E_USAGE_SQL', 'E_QUERY_DUCKDB']);
    await session.close();
  });
});
