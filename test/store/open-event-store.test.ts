import { openEventStore } from '../../src/store/open-event-store.ts';
import { describeEventStore } from '../contract/event-store-contract.ts';

describe('store/open-event-store', () => {
  describeEventStore((directory) => openEventStore(directory), { runs: 3 });
});
