import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { post } from '../sources/webhook/post.ts';
import { until } from '../support/until.ts';
import { freePort } from './free-port.ts';
import { KillAgent } from './kill-agent.ts';
import { numberedEvent, plantedValue } from './numbered-event.ts';
import { filesWith, readEvents } from './read-log.ts';
import { host } from './webhook-load.ts';
import { writeAgentConfig } from './write-agent-config.ts';

const floods = 40;
const batchEvents = 400;
const floodMs = 8_000;
/** kube-apiserver gives an attempt 30 s; the bound leaves room for a busy machine. */
const longestAnswerMs = 15_000;
const listOf = (items: readonly string[]): string =>
  `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items.join(',')}]}`;

/** One sender sends all it can over many connections; another one's attack is found meanwhile, at its first try. */
describe('faults/webhook-flood', function () {
  this.timeout(120_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-flood-'));
  const place = { directory, data: path.join(directory, 'data') };
  const findings = path.join(directory, 'findings.jsonl');
  const connections = new Agent({ keepAlive: true, maxSockets: floods });
  const tokens = { flood: 'f'.repeat(40), honest: 'h'.repeat(40) };
  const flooded = new Map<number, number>();
  let agent: KillAgent;
  let [address, metrics] = ['', ''];
  let flooding = true;
  let number = 0;

  before(async () => {
    const port = await freePort(host);
    const metricsPort = await freePort(host);
    [address, metrics] = [`${host}:${port}`, `${host}:${metricsPort}`];
    const files = Object.entries(tokens).map(([name, token]) => {
      const file = path.join(directory, `${name}.token`);
      writeFileSync(file, `${token}\n`, { mode: 0o600 });
      return file;
    });
    const source = `{ type: webhook, listen: "${address}", allowUnprotected: true, tokenFiles: ${JSON.stringify(files)}, limits: { requests: 16, inFlightBytes: 4194304 } }`;
    const config = writeAgentConfig(place, source, {
      sinks: `{ type: file, path: ${JSON.stringify(findings)}, content: findings }`,
      telemetry: `listen: "${metrics}"`,
    });
    agent = new KillAgent(place, ['--config', config]);
    expect(await agent.ready(address), agent.said).to.not.equal(undefined);
  });
  after(async () => {
    flooding = false;
    connections.destroy();
    await agent.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });

  async function flood(): Promise<void> {
    while (flooding) {
      const items = Array.from({ length: batchEvents }, () =>
        numberedEvent(++number, `flood-${number}`).replace('"ResponseComplete"', '"RequestReceived"'),
      );
      const { status } = await post(address, listOf(items), { agent: connections, headers: headersOf(tokens.flood) });
      flooded.set(status, (flooded.get(status) ?? 0) + 1);
      // A sender that does not wait as it is told.
      if (status !== 200) await sleep(20);
    }
  }

  /** A command in a container, which a shipped rule finds. */
  const attack = (id: string): string =>
    numberedEvent(++number, id)
      .replace('"objectRef":{"resource":"configmaps"', '"objectRef":{"resource":"pods","subresource":"exec"')
      .replace('"verb":"update"', '"verb":"create"')
      .replace('"system:serviceaccount:shop:checkout"', '"eve@example.com"')
      .replace(/"requestURI":"[^"]*"/, '"requestURI":"/api/v1/namespaces/shop/pods/web/exec?command=sh"')
      .replace('"stage":"ResponseComplete"', '"stage":"ResponseStarted"')
      .replace(/"requestObject":\{.*\},"requestReceived/, '"requestReceived');

  it('answers the other sender 200 at once, and finds what it tells of', async () => {
    const loops = Array.from({ length: floods }, () => flood());
    await until('the flood is refused', () => (flooded.get(503) ?? 0) > 10);
    const [statuses, times, delays]: [number[], number[], number[]] = [[], [], []];
    for (let turn = 0, began = Date.now(); Date.now() - began < floodMs || turn < 5; turn++) {
      const at = performance.now();
      const { status } = await post(address, listOf([attack(`attack-${turn}`)]), { headers: headersOf(tokens.honest) });
      statuses.push(status);
      times.push(performance.now() - at);
      await until(`attack ${turn} is found`, () => readFileSync(findings, 'utf8').includes(`"attack-${turn}"`));
      delays.push(performance.now() - at);
    }
    flooding = false;
    const text = await page(`http://${metrics}/metrics`);
    await Promise.all(loops);
    const most = (values: readonly number[]): number => Math.ceil(Math.max(...values));
    process.stderr.write(
      `      flood: ${number} events, ${[...flooded].map(([status, count]) => `${status} ${count}`).join(', ')}; other sender: ${times.length} batches, answered after ${most(times)} ms at most, found after ${most(delays)} ms\n`,
    );
    expect([...new Set(statuses)]).to.deep.equal([200]);
    expect(most(times)).to.be.below(longestAnswerMs);
    expect([...flooded.keys()].sort()).to.deep.equal([200, 503]);
    expect(text).to.match(/auditveil_requests_total\{[^}]*reason="too-many-of-sender"[^}]*\} [1-9]/);
  });

  it('has what was answered 200 in the log, and no value of it anywhere', async () => {
    await agent.stop();
    const { seen } = await readEvents(place.data);
    const events = [...seen].filter(([id]) => id.startsWith('flood-'));
    expect(events).to.have.length((flooded.get(200) ?? 0) * batchEvents);
    expect(await filesWith(directory, plantedValue)).to.deep.equal([]);
  });
});

function page(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(text));
    }).on('error', reject);
  });
}
