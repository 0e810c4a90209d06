import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { recordFlags, recordTypes } from '../../src/core/record.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { attack, expectedRules, planted } from './attack.ts';
import { RealApiserver } from './real-apiserver.ts';

/**
 * A real kube-apiserver sends its events to `auditveil run` over mutual TLS, wired by nothing but what `auditveil init webhook`
 * wrote. An attack is made, the agent is killed and started again, kube-apiserver is restarted; then everything it counted must
 * be in the log once, what the attack did must be found, and nothing that was planted may be anywhere.
 */
const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const receiverPort = 18_443;
const telemetryPort = 19_464;
const ports = { etcd: 12_379, etcdPeer: 12_380, apiserver: 16_443 };

interface Tally {
  /** Events by auditID and stage, and how often each is in the log. */
  readonly seen: ReadonlyMap<string, number>;
  readonly stubs: number;
}

class Agent {
  readonly #folder: string;
  readonly output: string;
  #child: ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.output = path.join(folder, 'agent.log');
  }

  start(): void {
    const log = openSync(this.output, 'a');
    const env = { ...process.env, NO_COLOR: '1' };
    const config = path.join(this.#folder, 'wired', 'config.yaml');
    this.#child = spawn(process.execPath, [main, 'run', '--config', config], { env, stdio: ['ignore', log, log] });
  }

  async ready(): Promise<void> {
    for (const startedMs = Date.now(); ; await sleep(200)) {
      const answer = await fetch(`http://127.0.0.1:${telemetryPort}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return;
      if (Date.now() - startedMs > 30_000)
        throw new Error(`the agent is not ready:\n${readFileSync(this.output, 'utf8').slice(-2000)}`);
    }
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }
}

async function readEvents(data: string): Promise<Tally> {
  const seen = new Map<string, number>();
  let stubs = 0;
  const reader = await openLogReader({ directory: path.join(data, 'events') });
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      for (const record of batch.records) {
        if (record.type !== recordTypes.event) continue;
        if ((record.flags & recordFlags.stub) !== 0) stubs++;
        const event = JSON.parse(Buffer.from(record.payload).toString('utf8')) as { auditID?: string; stage?: string };
        const id = `${event.auditID} ${event.stage}`;
        seen.set(id, (seen.get(id) ?? 0) + 1);
      }
    }
  } finally {
    await reader.close();
  }
  return { seen, stubs };
}

/** Waits until the log holds so many events, or no longer grows. */
async function settle(data: string, wanted: number): Promise<Tally> {
  let tally = await readEvents(data);
  for (let quietSince = Date.now(); tally.seen.size < wanted && Date.now() - quietSince < 60_000; ) {
    await sleep(1_000);
    const next = await readEvents(data);
    if (next.seen.size !== tally.seen.size) quietSince = Date.now();
    tally = next;
  }
  return tally;
}

/** Every file below a folder that holds one of the texts. */
function filesHolding(folder: string, texts: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return texts.some((text) => bytes.includes(text) || bytes.includes(Buffer.from(text).toString('base64')));
    });
}

function wire(folder: string): string {
  const wired = path.join(folder, 'wired');
  execFileSync(process.execPath, [main, 'init', 'webhook', '--out', wired, '--server', `127.0.0.1:${receiverPort}`]);
  const config = path.join(wired, 'config.yaml');
  const text = readFileSync(config, 'utf8').replace('127.0.0.1:9464', `127.0.0.1:${telemetryPort}`);
  writeFileSync(config, text);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path.join(folder, 'service-account.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  return wired;
}

let failed = 0;
function check(holds: boolean, what: string): void {
  say(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
  if (!holds) failed++;
}

async function story(folder: string, server: RealApiserver, agent: Agent, wired: string): Promise<void> {
  agent.start();
  await agent.ready();
  await server.start();
  say('kube-apiserver and agent are up');
  const done = await attack(server);
  check(
    done.refused.length === 0,
    `every step of the attack had the answer it should have${done.refused.map((one) => `; ${one}`).join('')}`,
  );
  await server.makeConfigMaps('before', 100);
  await agent.end('SIGKILL');
  await server.makeConfigMaps('while-dead', 100);
  agent.start();
  await agent.ready();
  await server.makeConfigMaps('after', 100);
  // What its audit backend holds is sent before it ends; the counters go with it.
  const counted = await server.counter('apiserver_audit_event_total');
  check((await server.counter('apiserver_audit_error_total')) === 0, 'kube-apiserver counted no audit error');
  await settle(path.join(wired, 'data'), counted);
  await server.stopApiserver();
  await server.startApiserver();
  await server.makeConfigMaps('restarted', 50);
  const again = await server.counter('apiserver_audit_event_total');
  const tally = await settle(path.join(wired, 'data'), counted + again);
  check(
    tally.seen.size >= counted + again,
    `kube-apiserver counted ${counted} and ${again} events, ${tally.seen.size} are in the log`,
  );
  check(
    [...tally.seen.values()].every((times) => times === 1),
    'no event is in the log twice',
  );
  check(tally.stubs === 0, 'no event became a stub');
  const metrics = await (await fetch(`http://127.0.0.1:${telemetryPort}/metrics`)).text();
  writeFileSync(path.join(folder, 'wired', 'metrics.txt'), metrics);
  await server.stop();
  check((await agent.end('SIGTERM')) === 0, 'the agent stopped cleanly');
}

function judge(folder: string, wired: string): void {
  const findings = readFileSync(path.join(wired, 'findings.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { rule?: { name?: string; covers?: readonly string[] } });
  const covered = new Set(findings.flatMap(({ rule }) => rule?.covers ?? []));
  say(`${findings.length} findings, rows ${[...covered].sort().join(' ')}`);
  for (const row of expectedRules) check(covered.has(row), `a finding covers ${row}`);
  const leaks = [...filesHolding(wired, planted), ...filesHolding(folder, planted).filter((file) => file.endsWith('agent.log'))];
  check(
    leaks.length === 0,
    `nothing that was planted is in the data, the findings, the metrics or the output${leaks.map((file) => `; ${path.basename(file)}`).join('')}`,
  );
}

async function run(): Promise<boolean> {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-apiserver-'));
  const wired = wire(folder);
  const server = new RealApiserver(folder, ports, [
    `--audit-policy-file=${path.join(wired, 'audit-policy.yaml')}`,
    `--audit-webhook-config-file=${path.join(wired, 'audit-webhook.yaml')}`,
    '--audit-webhook-mode=batch',
    '--audit-webhook-batch-max-wait=1s',
    '--audit-webhook-initial-backoff=2s',
  ]);
  const agent = new Agent(folder);
  try {
    await story(folder, server, agent, wired);
    judge(folder, wired);
  } finally {
    await server.stop();
    await agent.end('SIGKILL');
    if (process.argv.includes('--keep')) say(`kept: ${folder}`);
    else if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
  return failed === 0;
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
}
