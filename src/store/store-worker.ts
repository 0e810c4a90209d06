import { setPriority } from 'node:os';
import { StoreServer } from './serve-store.ts';
import type { FromStore, ToStore } from './store-messages.ts';
import { openStoreService } from './store-service.ts';

/** Where the process of questions begins: `fork`ed with the data folder of an agent. What masks and forwards comes first. */
const niceness = 5;
try {
  setPriority(niceness);
} catch {
  // Some containers do not allow it.
}
const send = (message: FromStore): void => {
  if (process.connected) process.send?.(message, () => undefined);
};
const service = openStoreService({
  dataDirectory: process.argv[2] ?? '',
  notice: (text) => send({ type: 'notice', text }),
  withoutDuckDb: process.argv[3] === 'scan',
});
const server = new StoreServer(service.methods, send);
const end = (): void => {
  server.stop();
  service.close();
  process.exit(0);
};
process.on('message', (message: ToStore) => server.hear(message));
process.on('disconnect', end);
// A terminal's interrupt goes to the whole group: who asked decides what ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', end);
