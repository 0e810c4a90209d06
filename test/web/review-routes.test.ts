import { expect } from 'chai';
import type { Silence } from '../../src/core/review.ts';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import type { FindingDetail, FindingItem } from '../../src/web/api.ts';
import { until } from '../support/until.ts';
import { makeFinding, startWeb, type TestWeb, WebFolder } from '../support/web-fixture.ts';
import { readStream } from './read-stream.ts';

const token = 'token-of-an-analyst';
const tokens = [{ name: 'bob', role: 'analyst' as const, hash: accessTokenHash(token) }];

describe('web/routes/review-routes', () => {
  let folder: WebFolder;
  let web: TestWeb;
  beforeEach(async () => {
    folder = await WebFolder.make();
    await folder.write(makeFinding(1));
    web = await startWeb(folder.path, { token, config: { tokens } });
    await until('it is there', () => web.server.view.size === 1, 5_000);
  });
  afterEach(async () => {
    await web.server.close();
    await folder.remove();
  });

  const post = (path: string, body: unknown) =>
    web.call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  it('notes a review with its text masked, answers with its state, and tells those who listen', async () => {
    const stop = new AbortController();
    const stream = readStream(await web.call('/stream', { signal: stop.signal }), stop);
    const answer = await post('/findings/f000001/reviews', { action: 'close', text: 'her password was hunter2' });
    expect([answer.status, ((await answer.json()) as FindingItem).state]).to.deep.equal([201, 'closed']);
    expect(web.notes).to.have.length(1);
    expect(web.notes[0]).to.deep.include({
      note: 'review',
      action: 'close',
      finding: 'f000001',
      text: 'her password was [MASKED:password]',
    });
    expect(web.notes[0]?.by).to.include({ name: 'bob' });
    await until(
      'the stream has it',
      () => (stream.of('finding') as FindingItem[]).some(({ state }) => state === 'closed'),
      5_000,
    );
    stop.abort();
    const detail = (await (await web.call('/findings/f000001')).json()) as FindingDetail;
    expect(detail.reviews).to.have.length(1);
  });

  it('silences and ends a silence', async () => {
    const untilText = new Date(Date.now() + 3_600_000).toISOString();
    const made = (await (await post('/silences', { match: { user: 'alice' }, until: untilText })).json()) as Silence;
    const items = async () => ((await (await web.call('/findings')).json()) as { items: FindingItem[] }).items;
    expect((await items())[0]?.silence).to.equal(made.id);
    expect(await (await web.call('/silences')).json()).to.have.length(1);
    expect((await web.call(`/silences/${made.id}`, { method: 'DELETE' })).status).to.equal(200);
    expect((await items())[0]?.silence).to.equal(undefined);
    expect((await web.call(`/silences/${made.id}`, { method: 'DELETE' })).status).to.equal(404);
    expect(web.notes.map(({ note }) => note)).to.deep.equal(['silence', 'silence']);
  });

  it('silences by what masked events say: a value in clear is noted nowhere', async () => {
    const untilText = new Date(Date.now() + 3_600_000).toISOString();
    const body = { match: { user: 'hunter2', namespace: 'shop', severity: 'medium' }, until: untilText };
    const made = (await (await post('/silences', body)).json()) as Silence;
    const match = { user: '[MASKED:password]', namespace: 'shop', severity: 'medium' };
    expect(made.match).to.deep.equal(match);
    expect(web.notes).to.have.length(1);
    expect(web.notes[0]).to.deep.include({ note: 'silence', match });
  });

  it('refuses what is no review or silence, and notes nothing of it', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const wrong: readonly (readonly [string, unknown, number])[] = [
      ['/findings/f000001/reviews', { action: 'delete' }, 400],
      ['/findings/f000001/reviews', { action: 'close', text: 'x'.repeat(5_000) }, 400],
      ['/findings/f000001/reviews', { action: 'close', text: {} }, 400],
      ['/findings/none/reviews', { action: 'close' }, 404],
      ['/silences', { match: {}, until: soon }, 400],
      ['/silences', { match: { user: 'a', other: 'b' }, until: soon }, 400],
      ['/silences', { match: { user: 7 }, until: soon }, 400],
      ['/silences', { match: { severity: 'loud' }, until: soon }, 400],
      ['/silences', { match: { rule: 'auditveil.log-gap' }, until: soon }, 422],
      ['/silences', { match: { user: 'a' }, until: '2020-01-01T00:00:00Z' }, 400],
      ['/silences', { match: { user: 'a' }, until: '2999-01-01T00:00:00Z' }, 400],
      ['/silences', { match: { user: 'a' } }, 400],
    ];
    for (const [path, body, status] of wrong)
      expect([JSON.stringify(body), (await post(path, body)).status]).to.deep.equal([JSON.stringify(body), status]);
    expect(web.notes).to.deep.equal([]);
  });
});
