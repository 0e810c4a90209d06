import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ScanStore } from '../../src/store/scan-store.ts';
import { describeEventStore } from '../contract/event-store-contract.ts';
import { hourMs, startMs, writeStoredEvents } from '../contract/stored-events.ts';

describe('store/scan-store', () => {
  describeEventStore((directory) => Promise.resolve(new ScanStore(join(directory, 'events'))));

  it('looks back as far as its bound allows, and says so', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'auditveil-scan-'));
    try {
      await writeStoredEvents(directory);
      const store = new ScanStore(join(directory, 'events'), 100_000);
      const [signal, range] = [new AbortController().signal, { sinceMs: 0, untilMs: startMs + 100 * hourMs }];
      const page = await store.search({ range }, { limit: 900 }, signal);
      const oldest = page.rows.at(-1)?.timeMs ?? 0;
      expect(page.rows.length).to.be.within(1, 690);
      expect(page.lookedBackToMs)
        .to.be.at.least(startMs + hourMs)
        .and.at.most(oldest + 5 * hourMs);
      const error = await store.top({ range }, 'user', 3, signal).catch((cause: unknown) => cause);
      expect(error).to.include({ code: 'E_STORE_WORK' });
      // The newest few are found without reading the rest.
      expect(await store.search({ range }, { limit: 5 }, signal)).not.to.have.property('lookedBackToMs');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
