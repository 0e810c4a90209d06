import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPlanted, prepareNeedles } from '../../../src/demo/find-planted.ts';
import { makeRecording, type Recording } from '../../../src/demo/recording.ts';
import { recordingMs } from '../../../src/demo/recording-length.ts';
import { BulkFake } from '../../sinks/opensearch/bulk-fake.ts';
import { endProcess } from '../../support/end-process.ts';
import { type HttpServer, startHttpServer } from '../../support/http-server.ts';
import { root } from '../../support/source-files.ts';
import { until } from '../../support/until.ts';
import { auditveil } from '../agent.ts';
import { check, say, tell } from '../check.ts';
import { ComposeKafka, refusesPassword } from './compose-kafka.ts';

/**
 * docker-compose.yml: read by docker-compose itself, and its whole installation as processes from the same configuration files: a real
 * Kafka with a login, the agent, both workers, and a stand-in for OpenSearch. Every event must arrive there once, findings too, and
 * nothing that was planted.
 */
const main = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const password = 'integration-Password-1';
const ports = { client: 19_570, controller: 19_571, local: 19_572, metrics: 19_573 };

function config(): void {
  const program = process.env['DOCKER_COMPOSE'];
  if (program === undefined) throw new Error('DOCKER_COMPOSE is not set: run test/servers/docker-compose.sh');
  for (const profile of ['agent', 'page', 'whole']) {
    const { status, stderr } = spawnSync(program, ['--profile', profile, 'config', '--quiet'], { cwd: root, encoding: 'utf8' });
    check(status === 0, `docker-compose takes the file with the profile ${profile}${status === 0 ? '' : `: ${stderr}`}`);
  }
  check(
    refusesPassword(undefined)?.includes('.env') ?? false,
    'Kafka does not start without a password, and says where it belongs',
  );
  check(refusesPassword('short')?.includes('16') ?? false, 'nor with a short one');
  check(refusesPassword('with,comma,and]bracket')?.includes('letters') ?? false, 'nor with one that its own options would read');
}

/** One of the three processes of ours, in a folder of its own. */
class Part {
  readonly #folder: string;
  readonly #child: ChildProcess;

  constructor(folder: string, role: 'agent' | 'worker', metrics: number, search: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'config.yaml');
    writeFileSync(
      file,
      readFileSync(path.join(root, 'deploy/compose/config.yaml'), 'utf8')
        .replaceAll('kafka:9092', `127.0.0.1:${ports.client}`)
        .replaceAll('http://opensearch:9200', search)
        .replaceAll('0.0.0.0:9464', `127.0.0.1:${metrics}`)
        .replaceAll('/etc/auditveil/keys', path.join(folder, '..'))
        .replaceAll('/var/log/audit', path.join(folder, '..'))
        .replaceAll('/var/lib/auditveil', folder),
    );
    const log = openSync(path.join(folder, 'output.log'), 'a');
    const env = { ...process.env, KAFKA_PASSWORD: password, NO_COLOR: '1' };
    this.#child = spawn(process.execPath, [main, 'run', '--role', role, '--config', file, '--output', 'none'], {
      env,
      stdio: ['ignore', log, log],
    });
  }

  get said(): string {
    return readFileSync(path.join(this.#folder, 'output.log'), 'utf8').slice(-1_500);
  }

  end(): Promise<number | null> {
    return endProcess(this.#child, 'SIGTERM');
  }
}

async function whole(folder: string, fake: BulkFake, search: HttpServer): Promise<void> {
  const recording = makeRecording(Date.now() - recordingMs);
  auditveil(folder, 'keys', 'init', '--key', path.join(folder, 'keys.json'));
  writeFileSync(path.join(folder, 'audit.log'), recording.events.map(({ line }) => `${line}\n`).join(''));
  const kafka = new ComposeKafka(path.join(folder, 'kafka'), ports, password);
  const parts: Part[] = [];
  try {
    await kafka.start();
    say('Kafka is up, its topics are made');
    for (const [at, role] of (['agent', 'worker', 'worker'] as const).entries())
      parts.push(new Part(path.join(folder, `${role}-${at}`), role, ports.metrics + at, search.url));
    await arrived(fake, recording).catch((error: unknown) =>
      check(false, `${String(error)}\n${parts.map(({ said }) => said).join('\n')}`),
    );
    examine(fake, recording, folder);
  } finally {
    const codes = await Promise.all(parts.map((part) => part.end()));
    check(
      codes.every((code) => code === 0),
      `all three stopped cleanly (${codes.join(', ')})`,
    );
    await kafka.stop();
  }
}

/** The recording holds an intrusion: rules over single events alone find more. */
const leastFindings = 10;

const documents = (fake: BulkFake, content: string): readonly string[] =>
  [...fake.documents].filter(([key]) => key.startsWith(`auditveil-${content}-`)).map(([, document]) => document);

async function arrived(fake: BulkFake, { events }: Recording): Promise<void> {
  const isThere = (): boolean =>
    documents(fake, 'events').length >= events.length && documents(fake, 'findings').length > leastFindings;
  await until('events and findings are in the stand-in for OpenSearch', isThere, 90_000, 200);
}

function examine(fake: BulkFake, { events, planted }: Recording, folder: string): void {
  const ids = (texts: readonly string[]): readonly string[] =>
    texts.map((text) => /"auditID":"([^"]+)"[\s\S]*?"stage":"(\w+)"/.exec(text)?.slice(1).join(' ') ?? '').sort();
  const sent = ids(events.map(({ line }) => line));
  const got = ids(documents(fake, 'events'));
  check(
    got.length === sent.length && got.every((id, at) => id === sent[at]),
    `${got.length} of ${sent.length} events arrived, each once`,
  );
  const findings = documents(fake, 'findings').length;
  check(findings > leastFindings, `${findings} findings arrived`);
  const found = readdirSync(folder)
    .filter((name) => name.startsWith('worker-'))
    .map((name) => path.join(folder, name, 'findings.jsonl'));
  const written = found.map((file) => readFileSync(file, 'utf8').split('\n').length - 1);
  check(
    written.every((count) => count > 0),
    `both workers made findings (${written.join(' and ')})`,
  );
  const everything = Buffer.from([...fake.documents.values()].join('\n'));
  check(
    findPlanted(prepareNeedles(planted), everything).length === 0,
    `none of ${planted.length} planted secrets is in any document`,
  );
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-compose-'));
const fake = new BulkFake();
const search = await startHttpServer((request) => fake.answer(request));
await tell(
  async () => {
    config();
    await whole(folder, fake, search);
  },
  async () => {
    await search.close();
    rmSync(folder, { recursive: true, force: true });
  },
);
