import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/schema.ts';
import { type OpenPipeline, openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { WebHost } from '../../src/pipeline/web-host.ts';
import type { StatusView } from '../../src/web/api.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

describe('pipeline/web-host', () => {
  let folder = '';
  let notices: string[] = [];
  let host: WebHost;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-host-'));
    await writeFile(join(folder, 'audit.log'), '');
    notices = [];
    host = new WebHost({
      clock: { nowMs: Date.now },
      owner: 'alice',
      notice: (text) => notices.push(text),
      runSelf: () => Promise.resolve(''),
    });
  });
  afterEach(async () => {
    await host.close();
    await rm(folder, { recursive: true });
  });

  const configOf = (web: string): Config =>
    loadConfig(
      `version: 1\ncluster: { name: prod }\nsources: [{ type: file, name: audit, path: audit.log }]\ndetect: { builtIn: false }\nlog: { directory: data }\n${web}`,
      join(folder, 'c.yaml'),
      {},
    );
  const open = async (config: Config): Promise<OpenPipeline> => {
    const common = { clock: { nowMs: Date.now }, graceMs: 100, found: async () => undefined, notice: () => undefined };
    return host.beside(config, await openPipeline({ ...common, config, keyRing: fixedKeyRing() }));
  };
  const login = async () => {
    const [, url = '', token = ''] = /(http:\S+)\/#token=(\S+)/.exec(notices.at(-1) ?? '') ?? [];
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ token }) });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    return async () => (await fetch(`${url}/api/v1/status`, { headers: { cookie } })).json() as Promise<StatusView>;
  };

  it('shows what the agent does, and keeps sessions over a reload', async () => {
    const config = configOf("web: { listen: '127.0.0.1:0' }");
    const first = await open(config);
    const { inspector, meter } = first.parts;
    meter.masked('audit', await inspector.inspect(tileOfTexts([auditEvent()])));
    const status = await login();
    expect((await status()).totals).to.include({ events: 1 });
    expect((await status()).sources[0]).to.include({ name: 'audit', events: 1 });
    await first.close();
    expect((await status()).problems[0]).to.match(/^agent: /);
    const second = await open(config);
    expect(await status()).to.deep.include({ problems: [] });
    expect(notices).to.have.length(1);
    await second.close();
  });

  it('closes the pipeline where the server cannot be opened', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    let fault: unknown;
    await open(configOf(`web: { listen: '127.0.0.1:${port}' }`)).catch((cause: unknown) => {
      fault = cause;
    });
    taken.close();
    expect(fault).to.include({ code: 'E_WEB_LISTEN' });
    const pipeline = await open(configOf(''));
    expect(notices).to.deep.equal([]);
    await pipeline.close();
  });
});
