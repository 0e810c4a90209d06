import { expect } from 'chai';
import type { EventFilter, EventStore, HeatRow } from '../../src/core/event-store.ts';
import { Fault } from '../../src/core/faults.ts';
import { heatOf } from '../../src/web/heat.ts';

const dayMs = 86_400_000;
const never = new AbortController().signal;
const hours = (at: number, events: number): readonly number[] =>
  Array.from({ length: 24 }, (_, hour) => (hour === at ? events : 0));
const now: readonly HeatRow[] = [
  { user: 'alice', hours: hours(3, 5), days: 1 },
  { user: 'bob', hours: hours(9, 2), days: 1 },
];
const filter: EventFilter = { range: { sinceMs: 100 * dayMs, untilMs: 101 * dayMs }, humans: true };

/** A store that answers about the time before from this. */
function storeOf(before: () => readonly HeatRow[], asked: EventFilter[] = []): EventStore {
  const heat = async (given: EventFilter): Promise<readonly HeatRow[]> => {
    asked.push(given);
    return asked.length === 1 ? now : before();
  };
  return { heat } as unknown as EventStore;
}

describe('web/heat', () => {
  it('asks for what the same actors did before, and nothing more than was asked for', async () => {
    const asked: EventFilter[] = [];
    const store = storeOf(() => [{ user: 'alice', hours: hours(9, 40), days: 10 }], asked);
    const rows = await heatOf(store, filter, { limit: 10, usualDays: 14 }, never);
    expect(asked[1]).to.deep.equal({
      range: { sinceMs: 86 * dayMs, untilMs: 100 * dayMs },
      humans: true,
      users: ['alice', 'bob'],
    });
    expect(rows.map(({ usual }) => usual)).to.deep.equal([
      { hours: hours(9, 40), days: 10 },
      { hours: hours(0, 0), days: 0 },
    ]);
    const plain: EventFilter[] = [];
    await heatOf(
      storeOf(() => [], plain),
      filter,
      { limit: 10, usualDays: undefined },
      never,
    );
    await heatOf(
      storeOf(() => [], plain),
      { ...filter, text: 'x' },
      { limit: 10, usualDays: 14 },
      never,
    );
    expect(plain.some(({ users }) => users)).to.equal(false);
  });

  it('answers without it where it is too much to read, and fails as the store does', async () => {
    const tooMuch = storeOf(() => {
      throw new Fault('too much', { code: 'E_STORE_WORK' });
    });
    expect(await heatOf(tooMuch, filter, { limit: 10, usualDays: 14 }, never)).to.deep.equal(now);
    const broken = storeOf(() => {
      throw new Fault('broken', { code: 'E_STORE_FAILED' });
    });
    const error = await heatOf(broken, filter, { limit: 10, usualDays: 14 }, never).catch((fault: unknown) => fault);
    expect(error).to.have.property('code', 'E_STORE_FAILED');
  });
});
