import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FeedEvent } from '../../../src/cli/tail/feed.ts';
import { LocalFeed } from '../../../src/cli/tail/local-feed.ts';
import { LocalStatus } from '../../../src/cli/tail/local-status.ts';
import { openLog } from '../../../src/log/open-log.ts';
import { openLogReader } from '../../../src/log/open-log-reader.ts';
import { encodeEntries, type LogEntry } from '../../../src/log/record-encoder.ts';
import type { Note } from '../../../src/pipeline/note-inbox.ts';
import { openEventStore } from '../../../src/store/open-event-store.ts';
import { makeTile } from '../../support/log-fixture.ts';
import { aFinding, pseudonym } from './a-finding.ts';

const timeMs = Date.parse('2026-05-04T09:14:22.123Z');
const by = { name: 'ann', uid: 7 };
const review = { note: 'review', at: '2026-05-04T09:20:00Z', by, action: 'close', finding: 'f1', text: 'ours' };
const silence = {
  note: 'silence',
  at: '2026-05-04T09:20:00Z',
  by,
  id: 's1',
  match: { rule: 'r-1' },
  until: '2999-01-01T00:00:00Z',
};

describe('cli/tail/local-feed', () => {
  let directory: string;
  const left: Note[] = [];
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'auditveil-feed-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  async function write(name: 'findings', entries: readonly LogEntry[]): Promise<void> {
    const log = await openLog({ directory: join(directory, name), name, clock: { nowMs: Date.now }, reserveBytes: 0, tickMs: 0 });
    await log.append(encodeEntries(entries));
    await log.close();
  }

  const openFeed = async (): Promise<LocalFeed> =>
    new LocalFeed({
      ...{ directory, by, nowMs: () => timeMs },
      reader: await openLogReader({ directory: join(directory, 'findings') }),
      openEvents: () => openEventStore(directory),
      status: () => Promise.resolve({ problems: [] }),
      leave: async (note) => void left.push(note),
      maskText: async (text) => text.replace('hunter2', '[MASKED:password]'),
    });

  async function all(feed: LocalFeed): Promise<readonly FeedEvent[]> {
    const events: FeedEvent[] = [];
    for await (const batch of feed.read(new AbortController().signal, false)) events.push(...batch);
    return events;
  }

  it('tells findings with what people said of them, silences, and that all has come', async () => {
    const entry = (type: 'finding' | 'note', value: object, id: number): LogEntry =>
      ({
        type,
        value,
        receivedAtUs: timeMs * 1000,
        eventTimeUs: timeMs * 1000,
        digest: String(id).padStart(32, '0'),
      }) as LogEntry;
    await write('findings', [
      entry('finding', aFinding({ id: 'f1' }), 1),
      entry('note', review, 2),
      entry('note', silence, 3),
      entry('note', { note: 'review', at: 'x' }, 4),
      entry('finding', aFinding({ id: 'f1', revision: 2 }), 5),
    ]);
    const feed = await openFeed();
    const events = await all(feed);
    expect(events.map(({ type }) => type)).to.deep.equal(['finding', 'review', 'silence', 'finding', 'current']);
    const items = events.flatMap((event) => (event.type === 'finding' ? event.item : []));
    expect(items.map(({ state }) => state)).to.deep.equal(['open', 'closed']);
    expect(items[1]?.lastReview).to.include({ text: 'ours' });
    await feed.close();
  });

  it('finds the masked event and what the same user did around it', async () => {
    const log = await openLog({
      directory: join(directory, 'events'),
      name: 'events',
      clock: { nowMs: Date.now },
      reserveBytes: 0,
      tickMs: 0,
    });
    const event = (auditID: string, user: string, verb: string, offsetMs: number, id: number) => ({
      ...{ id, eventTimeMs: timeMs + offsetMs, receivedAtMs: timeMs + offsetMs },
      event: { auditID, verb, user: { username: user }, stageTimestamp: new Date(timeMs + offsetMs).toISOString() },
    });
    await log.append(
      makeTile([
        event('a-0', pseudonym, 'list', -600_000, 1),
        event('a-1', pseudonym, 'list', -60_000, 2),
        event('a-2', pseudonym, 'get', 0, 3),
        event('a-3', 'somebody', 'get', 1_000, 4),
      ]),
    );
    await log.close();
    const feed = await openFeed();
    await all(feed);
    const finding = aFinding({ id: 'f1', time: new Date(timeMs).toISOString(), event: { auditID: 'a-2' } });
    const detail = await feed.detail(finding, new AbortController().signal);
    expect(detail.event).to.include('"a-2"');
    expect(detail.around.map(({ auditID }) => auditID)).to.have.members(['a-1', 'a-2']);
    expect(detail.reviews).to.have.length(1);
    await feed.close();
  });

  it('leaves reviews and silences as notes, with what people wrote masked', async () => {
    const feed = await openFeed();
    await feed.review('f1', 'acknowledge', ' password is hunter2 ');
    await feed.silence({ rule: 'r-1' }, 3_600_000, '');
    const at = new Date(timeMs).toISOString();
    const id = left[1]?.['id'];
    expect(id).to.match(/^[0-9a-f]{16}$/);
    expect(left).to.deep.equal([
      { note: 'review', action: 'acknowledge', finding: 'f1', text: 'password is [MASKED:password]', at, by },
      { note: 'silence', id, match: { rule: 'r-1' }, until: new Date(timeMs + 3_600_000).toISOString(), at, by },
    ]);
    await feed.close();
  });

  it('tells of an agent by its metrics, by the growth of its log where there are none', async () => {
    const page = [
      'auditveil_events_received_total{source="a"} 1000',
      'auditveil_values_masked_total{kind="x",action="redact"} 42',
      'auditveil_lag_seconds{source="a"} 0.4',
      'auditveil_sink_breaker{sink="chat"} 2',
      'auditveil_sink_behind_bytes{sink="chat"} 77',
      'auditveil_sink_records_total{sink="chat",result="skipped"} 3',
    ];
    const server = createServer((_, response) => response.end(`${page.join('\n')}\n`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const metrics = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    let nowMs = 0;
    const status = new LocalStatus({ metrics, directory, nowMs: () => (nowMs += 1000) });
    await status.view();
    page[0] = 'auditveil_events_received_total{source="a"} 1500';
    expect(await status.view()).to.deep.equal({
      ...{ eventsPerSecond: 500, lagMs: 400, masked: 42, dropped: 3, problems: [] },
      sinks: [{ name: 'chat', state: 'failing', behind: 77 }],
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await status.view())
      .to.include({ logBytesPerSecond: undefined })
      .and.to.have.deep.property('problems', ['no agent answers']);
    expect(await status.view()).to.include({ logBytesPerSecond: 0 });
  });
});
