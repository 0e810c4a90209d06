import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { EventPage, EventSeries, TopRow } from '../../src/core/event-store.ts';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import { openLog } from '../../src/log/open-log.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { openEventStore } from '../../src/store/open-event-store.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from '../pipeline/support.ts';
import { until } from '../support/until.ts';
import { makeFinding, startWeb, type TestWeb } from '../support/web-fixture.ts';

const token = 'token-of-carol';
const tokens = [{ name: 'carol', role: 'auditor' as const, hash: accessTokenHash(token) }];
const hostile = '<img src=x onerror=alert(1)>\u202e"\'`{{7*7}}';
const secret = 'AKIAZ7QW3ERT5YUI8OPA';
const range = 'since=2026-05-04T00:00:00Z&until=2026-05-05T00:00:00Z';

describe('web/routes/event-routes', () => {
  let path = '';
  let web: TestWeb;
  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'auditveil-events-'));
    const { inspector } = await openEngine({ policy: 'standard', enable: [], keyRing: fixedKeyRing() });
    const events = [
      auditEvent(),
      auditEvent({ verb: 'get', objectRef: { resource: 'pods', namespace: 'shop', name: hostile }, userAgent: hostile }),
      auditEvent({ verb: 'create', requestObject: { kind: 'ConfigMap', data: { 'app.conf': `key=${secret}` } } }),
      auditEvent({ user: { username: 'system:node:a' }, responseStatus: { code: 403, message: hostile } }),
    ];
    const log = await openLog({ directory: join(path, 'events'), name: 'events', clock: { nowMs: Date.now } });
    await log.append(inspector.inspect(tileOfTexts(events)));
    await log.close();
    const store = await openEventStore(path);
    web = await startWeb(path, { token, config: { tokens }, ports: { events: store } });
  });
  after(async () => {
    await web.server.close();
    await rm(path, { recursive: true });
  });

  const ask = async <T>(target: string): Promise<T> => {
    const answer = await web.call(target);
    const text = await answer.text();
    expect([target, answer.status, text.slice(0, 200)]).to.satisfy(([, status]: [string, number]) => status === 200);
    for (const raw of [secret, 'alice@example.com', '203.0.113.7']) expect(text).not.to.include(raw);
    return JSON.parse(text) as T;
  };

  it('searches, counts and shows masked events; hostile texts come as data, and no secret comes at all', async () => {
    const { rows } = await ask<EventPage>(`/events?${range}`);
    expect(rows).to.have.length(4);
    expect(rows.map(({ name }) => name)).to.include(hostile);
    expect((await ask<EventPage>(`/events?${range}&humans=true&verb=get`)).rows).to.have.length(1);
    expect((await ask<EventPage>(`/events?${range}&limit=3`)).next).to.be.a('string');
    const { event } = await ask<{ event: string }>(`/events/${rows[0]?.digest}`);
    expect(JSON.parse(event)).to.include({ kind: 'Event' });
    const series = await ask<EventSeries>(`/events/series?${range}&stepMs=3600000`);
    expect(series.events.reduce((sum, count) => sum + count, 0)).to.equal(4);
    expect(series.forbidden.reduce((sum, count) => sum + count, 0)).to.equal(1);
    const top = await ask<TopRow[]>(`/events/top?${range}&column=verb`);
    expect(top.map(({ value }) => value)).to.include.members(['list', 'get', 'create']);
    expect(await ask<unknown[]>(`/events/heat?${range}`)).to.have.length.greaterThan(0);
  });

  it('says what it cannot answer', async () => {
    const statusOf = async (target: string) => (await web.call(target)).status;
    expect(await statusOf('/events?code=abc')).to.equal(400);
    expect(await statusOf('/events?unknown=1')).to.equal(400);
    expect(await statusOf('/events?before=x')).to.equal(400);
    expect(await statusOf(`/events/series?${range}&stepMs=1000`)).to.equal(400);
    expect(await statusOf('/events?since=2026-05-05T00:00:00Z&until=2026-05-04T00:00:00Z')).to.equal(400);
    expect(await statusOf(`/events/${'0'.repeat(32)}`)).to.equal(404);
    expect(await statusOf('/events/..%2f..%2fkeys.json')).to.equal(404);
  });

  it('notes who asked what, once for many questions, without what may be a value in clear', async () => {
    const before = web.notes.length;
    for (let i = 0; i < 30; i++) await web.call(`/events?${range}&user=alice@example.com&text=${i}&verb=get`);
    await web.server.audit.flush();
    const notes = web.notes.slice(before);
    expect(notes).to.have.length(1);
    expect(notes[0]).to.deep.include({ note: 'web-read', by: { name: 'carol', uid: undefined } });
    expect(JSON.stringify(notes)).to.include('verb=get').and.to.include('user=(given)').and.not.to.include('alice@example.com');
    expect((notes[0] as { calls?: Record<string, number> }).calls?.['GET /events']).to.be.at.least(30);
  });

  it('notes every question that the page asks in its own words', async () => {
    const before = web.notes.length;
    for (const query of ['series?stepMs=60000', 'top?column=verb&limit=8', 'heat?limit=12&usualDays=14'])
      expect((await web.call(`/events/${query}&humans=true`)).status).to.equal(200);
    await web.server.audit.flush();
    const queries = (web.notes.slice(before) as readonly { queries?: readonly string[] }[]).flatMap((note) => note.queries ?? []);
    expect(queries).to.have.members([
      'stepMs=60000 humans=true',
      'column=verb limit=8 humans=true',
      'limit=12 usualDays=14 humans=true',
    ]);
  });

  it('notes nothing of what was mistyped, wherever it was typed', async () => {
    const before = web.notes.length;
    const secret = 'hunter2';
    await web.call('/events?namespace=kube-system');
    const names = ['since', 'limit', 'stepMs', 'column', 'code', 'verb', 'resource', 'namespace', 'severity', 'state', 'rule'];
    for (const name of [...names, 'tag', 'humans', 'user', 'name', 'sourceIp', 'text', 'before', 'constructor', secret])
      expect((await web.call(`/events?${name}=${secret}`)).status).to.be.lessThan(500);
    for (const target of [
      `/events/${secret}`,
      `/findings/${secret}`,
      `/rules/${secret}/backtest`,
      '/events?namespace=kube-system',
    ])
      await web.call(target);
    await web.server.audit.flush();
    const text = JSON.stringify(web.notes.slice(before));
    expect(text).not.to.include(secret);
    expect(text)
      .to.include('namespace=kube-system')
      .and.to.include('namespace=[MASKED:password]')
      .and.to.include('other=(given)');
  });

  it('shows the event of a finding, and what its actor did around it', async () => {
    const { rows } = await ask<EventPage>(`/events?${range}&verb=list&humans=true`);
    const log = await openLog({ directory: join(path, 'findings'), name: 'findings', clock: { nowMs: Date.now } });
    const { encodeEntries } = await import('../../src/log/record-encoder.ts');
    const [row] = rows;
    const event = { ...makeFinding(1).event, auditID: row?.auditID, user: row?.user };
    const value = makeFinding(1, { time: new Date(row?.timeMs ?? 0).toISOString(), event });
    await log.append(encodeEntries([{ type: 'finding', value, receivedAtUs: Date.now() * 1000 }]));
    await log.close();
    await until('it is there', () => web.server.view.size === 1, 5_000);
    const detail = await ask<{ event?: string; around: unknown[] }>('/findings/f000001');
    expect(detail.event).to.include(row?.auditID ?? '?');
    expect(detail.around.length).to.be.at.least(2);
  });
});
