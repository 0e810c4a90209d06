import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from './agent.ts';
import { attack, expectedRules } from './attack.ts';
import { check, say, tell } from './check.ts';
import { dryRunManifests } from './dry-run.ts';
import { eventsOfAuditLog, missingFrom, settled } from './event-sets.ts';
import { filesHoldingPlanted } from './planted-files.ts';
import { type RealApiserver, tokens } from './real-apiserver.ts';
import { wiredApiserver } from './wired-apiserver.ts';

/**
 * A real kube-apiserver, wired both ways by nothing but what `auditveil init` wrote and printed: it sends its events to one agent over
 * mutual TLS and writes them to a log that another agent follows. An attack is made; the first agent is killed and stays away for a
 * minute; both are told to reload; kube-apiserver is restarted. Then both logs must hold exactly what kube-apiserver wrote, what the
 * attack did must be found by both, and nothing that was planted may be anywhere, in any encoding.
 */
const receiverPort = 18_443;
const ports = { etcd: 12_379, etcdPeer: 12_380, apiserver: 16_443 };
const awayMs = 60_000;

interface Scene {
  readonly folder: string;
  readonly auditLog: string;
  readonly server: RealApiserver;
  readonly webhook: Agent;
  readonly file: Agent;
}

function setScene(folder: string): Scene {
  const auditLog = path.join(folder, 'log/audit.log');
  const server = `127.0.0.1:${receiverPort}`;
  const webhook = new Agent(path.join(folder, 'webhook'), 19_464, ['webhook', '--server', server]);
  const file = new Agent(path.join(folder, 'file'), 19_465, ['file', '--audit-log', auditLog]);
  writeFileSync(path.join(folder, 'token'), tokens.admin, { mode: 0o600 });
  return { folder, auditLog, webhook, file, server: wiredApiserver(folder, ports, webhook.folder, auditLog) };
}

async function story(scene: Scene): Promise<void> {
  const { server, webhook, file } = scene;
  webhook.start();
  file.start();
  await webhook.ready();
  await server.start();
  await file.ready();
  say('kube-apiserver and both agents are up');
  const done = await attack(server);
  check(done.refused.length === 0, `every step of the attack had the answer it should have${list(done.refused)}`);
  const manifests = await dryRunManifests(server);
  check(manifests.length === 0, `kube-apiserver takes every manifest of deploy/kubernetes${list(manifests)}`);
  await server.makeConfigMaps('before', 100);
  await webhook.end('SIGKILL');
  const backMs = Date.now() + awayMs;
  await file.end('SIGKILL');
  await server.makeConfigMaps('while-dead', 100);
  file.start();
  await file.ready();
  await sleep(Math.max(0, backMs - Date.now()));
  webhook.start();
  await webhook.ready();
  await server.makeConfigMaps('after', 100);
  await complete(scene, 'killed and away for a minute');
  await reload(scene);
  examine(scene);
  await server.stopApiserver();
  await server.startApiserver();
  await server.makeConfigMaps('restarted', 50);
  check((await server.counter('apiserver_audit_error_total')) === 0, 'kube-apiserver counted no audit error after its restart');
  // What its audit backend holds is sent before it ends.
  await server.stop();
  await complete(scene, 'and kube-apiserver restarted');
  for (const agent of [webhook, file]) {
    await agent.keepMetrics();
    check((await agent.end('SIGTERM')) === 0, `the agent in ${path.basename(agent.folder)} stopped cleanly`);
  }
}

/** Both logs hold every event that kube-apiserver wrote, once, and nothing else. */
async function complete({ server, auditLog, webhook, file }: Scene, when: string): Promise<void> {
  for (const agent of [webhook, file]) {
    const name = path.basename(agent.folder);
    const dropped = agent === webhook ? server.droppedAtShutdown : 0;
    const { set, wanted } = await settled(agent.events, auditLog, dropped);
    const missing = missingFrom(set, wanted);
    const itself = dropped === 0 ? '' : `, but ${dropped} that it says it dropped itself while it shut down`;
    const isComplete = missing.length <= dropped && missing.every((key) => dropped === 0 || key.endsWith(' ResponseComplete'));
    check(
      isComplete,
      `${name}, ${when}: the ${wanted.size} events of its own log are there${itself}${isComplete ? '' : list(missing.slice(0, 5))}`,
    );
    const written = eventsOfAuditLog(auditLog);
    const foreign = [...set.seen.keys()].filter((key) => !written.has(key));
    check(foreign.length === 0, `${name}: nothing is there that it did not write${list(foreign.slice(0, 5))}`);
    check(
      [...set.seen.values()].every((times) => times === 1),
      `${name}: none is there twice`,
    );
    check(set.stubs === 0, `${name}: none became a stub`);
  }
}

/** A changed configuration while kube-apiserver goes on. */
async function reload({ server, webhook }: Scene): Promise<void> {
  const text = readFileSync(webhook.config, 'utf8');
  writeFileSync(webhook.config, `${text}detect:\n  latenessMs: 60000\n`);
  const making = server.makeConfigMaps('reloading', 50);
  webhook.signal('SIGHUP');
  await making;
  const said = (): boolean =>
    readFileSync(path.join(webhook.folder, 'agent.log'), 'utf8').includes('reloaded: options detect.latenessMs');
  for (const startedMs = Date.now(); !said() && Date.now() - startedMs < 30_000; ) await sleep(200);
  check(said(), 'a changed configuration was taken up at SIGHUP');
  await webhook.ready();
}

/** `doctor` as an operator would run it, against the real server. */
function examine({ folder, webhook }: Scene): void {
  const url = `https://127.0.0.1:${ports.apiserver}/metrics`;
  const ca = path.join(folder, 'certs/apiserver.crt');
  const { code, text } = webhook.doctor('--metrics', url, '--metrics-token-file', path.join(folder, 'token'), '--metrics-ca', ca);
  writeFileSync(path.join(webhook.folder, 'doctor.txt'), text);
  const isComplete = /ok +completeness +kube-apiserver counted \d+ events/.test(text);
  check(code === 0 && isComplete, `doctor has nothing against it and finds everything kube-apiserver counted (exit ${code})`);
  if (code !== 0 || !isComplete) say(text);
}

function judge(scene: Scene): void {
  for (const { folder } of [scene.webhook, scene.file]) {
    const name = path.basename(folder);
    const findings = readFileSync(path.join(folder, 'findings.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { rule?: { covers?: readonly string[] } });
    const covered = new Set(findings.flatMap(({ rule }) => rule?.covers ?? []));
    say(`${name}: ${findings.length} findings, rows ${[...covered].sort().join(' ')}`);
    const missed = expectedRules.filter((row) => !covered.has(row));
    check(missed.length === 0, `${name}: findings cover ${expectedRules.join(', ')}${list(missed)}`);
  }
  const leaks = filesHoldingPlanted([scene.webhook.folder, scene.file.folder]).map((found) => path.relative(scene.folder, found));
  check(leaks.length === 0, `nothing that was planted is in logs, findings, metrics or output, in any encoding${list(leaks)}`);
}

const list = (items: readonly string[]): string => items.map((item) => `; ${item}`).join('');

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-apiserver-'));
const scene = setScene(folder);
await tell(
  async () => {
    await story(scene);
    judge(scene);
  },
  async () => {
    await scene.server.stop();
    for (const agent of [scene.webhook, scene.file]) await agent.end('SIGKILL');
    if (process.argv.includes('--keep')) say(`kept: ${folder}`);
    else if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  },
);
