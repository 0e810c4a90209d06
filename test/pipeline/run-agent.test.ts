import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { recordTypes } from '../../src/core/record.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { loadSetup } from '../../src/pipeline/load-setup.ts';
import { openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { ReloadRequests } from '../../src/pipeline/reload-requests.ts';
import { runAgent } from '../../src/pipeline/run-agent.ts';
import { auditEvent, listPodsRule } from '../cli/run-cli.ts';
import { freePort } from '../faults/free-port.ts';
import { post } from '../sources/webhook/post.ts';
import { until as waitUntil } from '../support/until.ts';
import { fixedKeyRing } from './support.ts';

const webhook = '{ type: webhook, name: apiserver, listen: "127.0.0.1:PORT", path: /, allowUnprotected: true }';

describe('pipeline/run-agent', function () {
  this.timeout(60_000);
  let folder: string;
  let notices: string[];
  let addresses: string[];
  let requests: ReloadRequests;
  let stop: AbortController;
  let running: Promise<string>;
  let port: number;
  let graceMs: number;
  let problems: () => readonly string[];
  const file = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-agent-'));
    [notices, addresses] = [[], []];
    requests = new ReloadRequests(50);
    stop = new AbortController();
    port = await freePort('127.0.0.1');
    [graceMs, problems] = [5_000, () => []];
  });
  afterEach(async () => {
    stop.abort();
    await running?.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  const configText = (more = '', source = webhook): string =>
    `version: 1\ncluster: { name: prod }\nsources: [${source.replace('PORT', String(port))}]\nlog: { directory: data }\n${more}`;
  const write = (text: string): void => writeFileSync(file('config.yaml'), text);

  /** Starts an agent without the shipped rules and returns when it listens. */
  async function start(allowLooserMasking = false, listens = true): Promise<void> {
    const { readFile } = await import('node:fs/promises');
    running = runAgent({
      load: async () =>
        loadSetup(
          {
            config: loadConfig(await readFile(file('config.yaml'), 'utf8'), file('config.yaml'), {}),
            keyRing: fixedKeyRing(),
            keyFile: { path: file('keys.json') },
          },
          file('config.yaml'),
        ),
      open: ({ keyFile: _, ...setup }) =>
        openPipeline({
          ...setup,
          clock: { nowMs: Date.now },
          graceMs,
          found: async () => undefined,
          notice: (text) => {
            notices.push(text);
            const address = /listening \((.*)\)/.exec(text)?.[1];
            if (address !== undefined) addresses.push(address);
          },
        }),
      requests,
      stop: stop.signal,
      allowLooserMasking,
      nowMs: Date.now,
      notice: (text) => notices.push(text),
      starting: ({ health }) => {
        problems = () => health.problems();
      },
      ran: () => undefined,
    });
    running.catch(() => undefined);
    if (listens) await until(() => addresses.length === 1);
  }
  const until = (holds: () => boolean | Promise<boolean>): Promise<void> =>
    waitUntil(() => notices.join('\n'), holds, 15_000, 25);
  /** Sends an event until it is answered 200, as kube-apiserver does. Returns how often it had to try. */
  async function send(id: string): Promise<number> {
    const body = auditEvent({ auditID: id });
    for (let tries = 1; ; tries++) {
      const { status } = await post(`127.0.0.1:${port}`, body);
      if (status === 200) return tries;
      if (tries > 500) throw new Error(`never answered 200, at last ${status}`);
      await wait(10);
    }
  }
  async function kept(log: 'events' | 'findings', type: number): Promise<Record<string, unknown>[]> {
    const reader = await openLogReader({ directory: file(`data/${log}`) });
    const all: Record<string, unknown>[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false }))
      for (const record of batch.records)
        if (record.type === type) all.push(JSON.parse(Buffer.from(record.payload).toString()) as Record<string, unknown>);
    await reader.close();
    return all;
  }

  it('takes up rules and options while events come, and loses none', async () => {
    write(configText('detect: { builtIn: false }\n'));
    await start();
    let sending = true;
    const sent: string[] = [];
    const load = Promise.all(
      Array.from({ length: 4 }, async (_, worker) => {
        for (let i = 0; sending; i++) {
          const id = `w${worker}-${i}`;
          await send(id);
          sent.push(id);
        }
      }),
    );
    for (let round = 0; round < 3; round++) {
      writeFileSync(file('rule.yml'), listPodsRule.replace('Pods listed', `Pods listed ${round}`));
      write(configText(`detect: { builtIn: false, rules: [rule.yml] }\n`));
      if (round === 1) requests.ask();
      await until(() => notices.filter((text) => text.startsWith('reloaded')).length === round + 1);
      await until(() => addresses.length === round + 2);
      const before = sent.length;
      await until(() => sent.length > before + 20);
    }
    sending = false;
    await load;
    stop.abort();
    expect(await running).to.equal('stopped');
    const ids = (await kept('events', recordTypes.event)).map(({ auditID }) => auditID);
    expect([...ids].sort()).to.deep.equal([...sent].sort());
    const rules = (await kept('findings', recordTypes.finding)).map(({ rule }) => (rule as { name: string }).name);
    expect(new Set(rules)).to.deep.equal(new Set(['Pods listed 0', 'Pods listed 1', 'Pods listed 2']));
  });

  it('keeps what runs where the new does not load, and notes why', async () => {
    write(configText('detect: { builtIn: false }\n'));
    await start();
    write(configText('detect: { builtin: false }\n'));
    await until(() => notices.some((text) => text.includes('reload refused') && text.includes('config.yaml:5:11')));
    await send('still-here');
    // The same wrong file is said once.
    await wait(300);
    expect(notices.filter((text) => text.includes('reload refused'))).to.have.length(1);
    write(configText('detect: { builtIn: false, latenessMs: 1000 }\n'));
    await until(() => notices.some((text) => text.startsWith('reloaded: options detect.latenessMs')));
    await until(() => addresses.length === 2);
    await until(async () => (await kept('findings', recordTypes.note)).length > 1);
    stop.abort();
    await running;
    const notes = await kept('findings', recordTypes.note);
    expect(notes.map(({ note }) => note)).to.deep.equal(['config-refused', 'config-reloaded']);
    expect(notes[0]?.['why']).to.deep.equal([`${file('config.yaml')}:5 (E_CONFIG_UNKNOWN_KEY)`]);
    expect(notes[1]?.['options']).to.deep.equal(['detect.latenessMs']);
  });

  it('says nothing of what stands in a list that does not load, neither on the screen nor in the log', async () => {
    const listed = "placeholders:\n  known_users: ['carol.planted@example.com' 'dave.planted@example.com']\n";
    writeFileSync(file('rule.yml'), listPodsRule);
    write(configText('detect: { builtIn: false, rules: [rule.yml] }\n'));
    await start();
    writeFileSync(file('lists.yml'), listed);
    write(configText('detect: { builtIn: false, rules: [rule.yml], lists: [lists.yml] }\n'));
    await until(() => notices.some((text) => text.includes('reload refused') && text.includes('lists.yml:2')));
    await until(async () => (await kept('findings', recordTypes.note)).length > 0);
    const said = `${notices.join('\n')}${JSON.stringify(await kept('findings', recordTypes.note))}`;
    expect(said).to.contain('(E_RULE_YAML)');
    expect(said).to.not.contain('planted');
  });

  it('goes back to what was before where the new cannot be opened', async () => {
    write(configText('detect: { builtIn: false }\n'));
    await start();
    const { createServer } = await import('node:net');
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    taken.unref();
    const other = (taken.address() as { port: number }).port;
    write(configText('detect: { builtIn: false }\n').replace(String(port), String(other)));
    await until(() => notices.some((text) => text.includes('reload refused') && text.includes('EADDRINUSE')));
    await until(() => addresses.length === 2);
    await send('on-the-old-port');
    taken.close();
  });

  it('masks less only where it was started to', async () => {
    const options = 'detect: { builtIn: false }\nmasking: { policy: secrets-only }\n';
    write(configText('detect: { builtIn: false }\n'));
    await start();
    write(configText(options));
    await until(() => notices.some((text) => text.includes('may mask less') && text.includes('--allow-looser-masking')));
    await send('masked');
    stop.abort();
    await running;
    expect(JSON.stringify(await kept('events', recordTypes.event))).not.to.contain('alice@example.com');
    [stop, addresses, notices] = [new AbortController(), [], []];
    write(configText('detect: { builtIn: false }\n'));
    await start(true);
    write(configText(options));
    await until(() => addresses.length === 2);
    await send('not-masked');
    expect(notices.some((text) => text.startsWith('reloaded'))).to.equal(true);
    stop.abort();
    await running;
    expect(JSON.stringify(await kept('events', recordTypes.event))).to.contain('alice@example.com');
  });

  it('gives way at once where the log is full: what could not be kept comes again', async () => {
    graceMs = 60_000;
    const count = 2_000;
    const source = '{ type: file, name: audit, path: audit.log }';
    const options = (maxBytes: number): string =>
      configText('detect: { builtIn: false }\n', source).replace(
        'directory: data',
        `directory: data, segmentBytes: 65536, maxBytes: ${maxBytes}, retention: { events: { keepMs: 3600000 } }`,
      );
    const events = Array.from({ length: count }, (_, i) => auditEvent({ auditID: `e-${i}`, userAgent: 'x'.repeat(500) }));
    writeFileSync(file('audit.log'), `${events.join('\n')}\n`);
    write(options(1_048_576));
    await start(false, false);
    await until(() => problems().some((text) => text.includes('events log: it is full')));
    write(options(16_777_216));
    requests.ask();
    await until(() => notices.some((text) => text.startsWith('reloaded: options log.maxBytes')));
    await until(async () => (await kept('events', recordTypes.event)).length === count);
  });

  it('ends when its sources do', async () => {
    writeFileSync(file('audit.log'), `${auditEvent()}\n`);
    write(configText('detect: { builtIn: false }\n', '{ type: file, name: audit, path: audit.log, follow: false }'));
    await start(false, false);
    expect(await running).to.equal('finished');
  });
});
