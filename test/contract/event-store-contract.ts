import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { EventFilter, EventStore } from '../../src/core/event-store.ts';
import { foundBy, hourMs, jsonOf, type StoredEvent, startMs, storedEvents, writeStoredEvents } from './stored-events.ts';

const lastMs = Math.max(...storedEvents.map(({ timeMs }) => timeMs));
const all: EventFilter = { range: { sinceMs: startMs - 24 * hourMs, untilMs: lastMs + hourMs } };
const never = new AbortController().signal;

const optional = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const filters: fc.Arbitrary<EventFilter> = fc
  .record({
    from: fc.integer({ min: -2, max: 40 }),
    hours: fc.integer({ min: 0, max: 50 }),
    user: optional(['alice', "o'brien; --", 'system:anonymous', 'nobody', '']),
    verb: optional(['get', 'delete']),
    resource: optional(['secrets', 'pods', 'pods/exec']),
    namespace: optional(['shop', '']),
    name: optional(['web-0', 'quote"d', '']),
    sourceIp: optional(['198.51.100.1', '192.0.2.7']),
    code: optional([200, 403]),
    humans: optional([true, false]),
    text: optional(['needle-7"', 'quote"d', 'päd', 'nothing of the kind']),
  })
  .map(({ from, hours, ...rest }) => {
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    return { range: { sinceMs: startMs + from * hourMs, untilMs: startMs + (from + hours) * hourMs }, ...given };
  });
/** Most filters of many conditions find nothing: at most three of them hold at once. */
const fewConditions = filters.chain((filter) =>
  fc.shuffledSubarray(Object.keys(filter).filter((name) => name !== 'range')).map((names) => {
    const few = names.slice(0, 3);
    const given = Object.entries(filter).filter(([name]) => name === 'range' || few.includes(name));
    return Object.fromEntries(given) as unknown as EventFilter;
  }),
);

/** What every EventStore has to do. `open` gets the data folder of an agent that is being written. */
export function describeEventStore(
  open: (dataDirectory: string) => Promise<EventStore>,
  { runs = 20 }: { readonly runs?: number } = {},
): void {
  let directory: string;
  let store: EventStore;
  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-store-'));
    await writeStoredEvents(directory);
    store = await open(directory);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true });
  });
  searches(() => store, runs);
  counts(() => store, runs);
  ranks(() => store);

  it('shows one event as it stands in the log, and none that is not there', async () => {
    for (const event of [storedEvents[0], storedEvents[350], storedEvents.at(-1)] as StoredEvent[])
      expect(await store.event(event.digest, never)).to.equal(JSON.stringify(jsonOf(event)));
    for (const digest of ['f'.repeat(32), "' or 1=1", '']) expect(await store.event(digest, never)).to.equal(undefined, digest);
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    for (const question of [
      () => store.search(all, { limit: 10 }, stopped),
      () => store.series(all, hourMs, stopped),
      () => store.top(all, 'user', 10, stopped),
      () => store.heat(all, 10, stopped),
      () => store.event('f'.repeat(32), stopped),
    ])
      expect(await question().catch((error: unknown) => error)).to.include({ message: 'enough' });
  });

  it('answers about a folder without a log that there is nothing', async () => {
    const empty = await open(join(directory, 'not-there'));
    expect(await empty.search(all, { limit: 10 }, never)).to.deep.equal({ rows: [] });
    expect(await empty.top(all, 'user', 10, never)).to.deep.equal([]);
    expect(await empty.event('f'.repeat(32), never)).to.equal(undefined);
    await empty.close();
  });
}

function searches(store: () => EventStore, numRuns: number): void {
  it('finds what a filter asks for, newest first, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(fewConditions, fc.integer({ min: 3, max: 60 }), async (filter, limit) => {
        const found: string[] = [];
        let before: string | undefined;
        for (let pages = 0; pages < 2; pages++) {
          const page = await store().search(filter, { limit, ...(before !== undefined && { before }) }, never);
          expect(page.rows.length).to.be.at.most(limit);
          found.push(...page.rows.map(({ digest }) => digest));
          before = page.next;
          if (before === undefined) break;
        }
        const wanted = foundBy(filter).map(({ digest }) => digest);
        expect(found).to.deep.equal(before === undefined ? wanted : wanted.slice(0, limit * 2));
      }),
      { numRuns },
    );
  });

  it('shows the head of an event', async () => {
    const event = storedEvents.findLast(
      ({ user, subresource, resource }) => user === 'alice' && subresource === 'exec' && resource === 'pods',
    );
    const { rows } = await store().search({ ...all, user: 'alice', resource: 'pods/exec' }, { limit: 900 }, never);
    expect(rows.find(({ digest }) => digest === event?.digest)).to.deep.include({
      timeMs: event?.timeMs,
      auditID: `id-${event?.id}`,
      verb: event?.verb,
      name: event?.name,
      sourceIp: event?.sourceIps[0],
      userAgent: event?.userAgent,
      code: event?.code,
      source: 'file',
      isStub: false,
    });
    const kubectl = await store().search({ ...all, resource: 'pods/exec' }, { limit: 900 }, never);
    expect(kubectl.rows.some(({ rules }) => rules.join() === 'rule-a,rule-c')).to.equal(true);
    for (const { intent = '', userAgent } of kubectl.rows)
      expect(/^kubectl exec/.test(intent)).to.equal(/^kubectl/.test(userAgent));
    expect(kubectl.rows.some(({ intent }) => intent !== undefined)).to.equal(true);
  });

  it('refuses a place that it did not give', async () => {
    const error = await store()
      .search(all, { limit: 10, before: "1'; drop table events" }, never)
      .catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_STORE_CURSOR' });
  });
}

function counts(store: () => EventStore, numRuns: number): void {
  it('counts events and masked values over time', async () => {
    await fc.assert(
      fc.asyncProperty(fewConditions, fc.constantFrom(hourMs, 7 * 60_000, 24 * hourMs), async (filter, stepMs) => {
        const series = await store().series(filter, stepMs, never);
        const found = foundBy(filter);
        const by = (value: (event: StoredEvent) => number): readonly number[] =>
          series.times.map((at) =>
            found.filter(({ timeMs }) => timeMs >= at && timeMs < at + stepMs).reduce((sum, event) => sum + value(event), 0),
          );
        const is = (holds: (event: StoredEvent) => boolean) => by((event) => (holds(event) ? 1 : 0));
        expect(series.times.every((at) => at % stepMs === 0)).to.equal(true);
        expect(series.events).to.deep.equal(by(() => 1));
        expect(series.stubs).to.deep.equal(is(({ isStub }) => isStub));
        expect(series.unauthenticated).to.deep.equal(is(({ code }) => code === 401));
        expect(series.forbidden).to.deep.equal(is(({ code }) => code === 403));
        expect(series.allowed).to.deep.equal(is(({ code }) => code !== 401 && code !== 403));
        for (const [index, kind] of (['email', 'jwt'] as const).entries()) {
          const wanted = by(({ masks }) => masks[index] ?? 0);
          expect(series.masked[kind] ?? wanted.map(() => 0)).to.deep.equal(wanted, kind);
        }
      }),
      { numRuns },
    );
  });

  it('refuses a series of too many steps', async () => {
    const error = await store()
      .series(all, 1000, never)
      .catch((cause: unknown) => cause);
    expect(error).to.include({ code: 'E_STORE_STEPS' });
  });
}

function ranks(store: () => EventStore): void {
  it('names the commonest values', async () => {
    const values = {
      user: ({ user }: StoredEvent) => user,
      resource: ({ resource, subresource }: StoredEvent) => (subresource === '' ? resource : `${resource}/${subresource}`),
      sourceIp: ({ sourceIps }: StoredEvent) => sourceIps[0] ?? '',
      code: ({ code }: StoredEvent) => (code === 0 ? '' : String(code)),
    } as const;
    for (const [column, value] of Object.entries(values) as [keyof typeof values, (event: StoredEvent) => string][]) {
      const filter = { ...all, verb: 'get' };
      const wanted = new Map<string, { events: number; forbidden: number }>();
      for (const event of foundBy(filter)) {
        if (value(event) === '') continue;
        const known = wanted.get(value(event)) ?? { events: 0, forbidden: 0 };
        wanted.set(value(event), { events: known.events + 1, forbidden: known.forbidden + (event.code === 403 ? 1 : 0) });
      }
      const rows = [...wanted]
        .map(([text, numbers]) => ({ value: text, ...numbers }))
        .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1));
      expect(await store().top(filter, column, 3, never)).to.deep.equal(rows.slice(0, 3), column);
    }
  });

  it('counts events of actors by hour of the day', async () => {
    const rows = await store().heat(all, 3, never);
    expect(rows.length).to.equal(3);
    const users = rows.slice(1).map(({ user }) => user);
    expect(await store().heat({ ...all, users }, 3, never)).to.deep.equal(rows.slice(1));
    for (const { user, hours, days } of rows) {
      const found = foundBy({ ...all, user });
      const wanted = Array.from(
        { length: 24 },
        (_, hour) => found.filter(({ timeMs }) => new Date(timeMs).getUTCHours() === hour).length,
      );
      expect(hours).to.deep.equal(wanted);
      expect(days).to.equal(new Set(found.map(({ timeMs }) => Math.floor(timeMs / (24 * hourMs)))).size);
    }
  });
}
