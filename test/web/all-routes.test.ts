import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import type { ApiRole } from '../../src/web/api.ts';
import type { Route } from '../../src/web/router.ts';
import { root } from '../support/source-files.ts';
import { startWeb, type TestWeb, WebFolder } from '../support/web-fixture.ts';

const roles: readonly ApiRole[] = ['auditor', 'analyst'];
const tokens = roles.map((role) => ({ name: role, role, hash: accessTokenHash(`token-of-${role}`) }));

describe('web/all-routes', () => {
  let folder: WebFolder;
  let web: TestWeb;
  before(async () => {
    folder = await WebFolder.make();
    web = await startWeb(folder.path, { config: { tokens } });
  });
  after(async () => {
    await web.server.close();
    await folder.remove();
  });

  const statusOf = async ({ method, path }: Route, token?: string): Promise<number> => {
    const stop = new AbortController();
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(method === 'POST' && { 'content-type': 'application/json' }),
    };
    const init = { method, headers, signal: stop.signal, ...(method === 'POST' && { body: '{}' }) };
    const { status } = await web.call(path.replaceAll(/:\w+/g, 'x'), init);
    stop.abort();
    return status;
  };

  it('lets nobody in who is nobody, and each role do what it may, in every call there is', async () => {
    expect(web.server.routes.length).to.be.greaterThan(15);
    for (const route of web.server.routes) {
      const name = `${route.method} ${route.path}`;
      if (route.role === 'anyone') {
        expect(name).to.equal('POST /session');
        continue;
      }
      expect([name, await statusOf(route)]).to.deep.equal([name, 401]);
      const auditor = await statusOf(route, 'token-of-auditor');
      if (route.role === 'analyst') expect([name, auditor]).to.deep.equal([name, 403]);
      else expect([name, auditor]).to.satisfy(([, status]: [string, number]) => status !== 401 && status !== 403);
      const analyst = await statusOf(route, 'token-of-analyst');
      expect([name, analyst]).to.satisfy(([, status]: [string, number]) => status !== 401 && status !== 403);
    }
  });

  it('lets only analysts change anything', () => {
    const writes = web.server.routes
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path, role }) => `${method} ${path} ${role}`);
    expect(writes.sort()).to.deep.equal([
      'DELETE /session auditor',
      'DELETE /silences/:id analyst',
      'POST /findings/:id/reviews analyst',
      'POST /session anyone',
      'POST /silences analyst',
    ]);
  });

  it('notes who reads events, in every call that shows some', () => {
    const reads = web.server.routes.filter(({ reads: isRead }) => isRead).map(({ path }) => path);
    expect(reads).to.include.members([
      '/findings/:id',
      '/events',
      '/events/:digest',
      '/events/top',
      '/posture',
      '/rules/:id/backtest',
    ]);
  });

  it('has a line in docs/api.md for every call, and no other', () => {
    const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
    const lines = [...page.matchAll(/^\| `(GET|POST|DELETE) (\/\S+)` \| (\w+) \|/gm)].map(
      ([, method, path, role]) => `${method} ${path} ${role}`,
    );
    expect(lines.sort()).to.deep.equal(web.server.routes.map(({ method, path, role }) => `${method} ${path} ${role}`).sort());
  });
});
