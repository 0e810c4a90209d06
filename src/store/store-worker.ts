import { setPriority } from 'node:os';
import { StoreServer } from './serve-store.ts';
import type { FromStore, ToStore } from './store-messages.ts';
import { storeMethods } from './store-methods.ts';

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
const server = new StoreServer(storeMethods(process.argv[2] ?? ''), send);
process.on('message', (message: ToStore) => server.hear(message));
process.on('disconnect', () => {
  server.stop();
  process.exit(0);
});
