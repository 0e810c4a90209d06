import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess } from '../../support/end-process.ts';
import { root } from '../../support/source-files.ts';

/** The scripts of Kafka's image, and the classes they run. */
const programs = {
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-server-start.sh': 'kafka.Kafka',
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
};
const script = path.join(root, 'deploy/compose/kafka.sh');

export interface KafkaPorts {
  readonly client: number;
  readonly controller: number;
  readonly local: number;
}

/**
 * The broker of docker-compose.yml, started by deploy/compose/kafka.sh from deploy/compose/kafka.properties; only its addresses and
 * its folder are others. Jars and Java: KAFKA_LIBS and JAVA (`test/servers/kafka.sh` prints them).
 */
export class ComposeKafka {
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;

  constructor(folder: string, ports: KafkaPorts, password: string) {
    this.#folder = folder;
    const bin = path.join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    for (const [name, main] of Object.entries(programs))
      writeFileSync(
        path.join(bin, name),
        `#!/bin/sh\nexec "$JAVA" -Xmx256m -XX:+UseSerialGC -cp "$KAFKA_LIBS/*" ${main} "$@"\n`,
        {
          mode: 0o755,
        },
      );
    const config = path.join(folder, 'kafka.properties');
    writeFileSync(config, withPlaces(readFileSync(path.join(root, 'deploy/compose/kafka.properties'), 'utf8'), ports, folder));
    const moved = path.join(folder, 'kafka.sh');
    writeFileSync(moved, readFileSync(script, 'utf8').replaceAll('127.0.0.1:9094', `127.0.0.1:${ports.local}`));
    this.#env = { ...process.env, KAFKA_BIN: bin, KAFKA_CONFIG: config, KAFKA_PASSWORD: password };
  }

  /** Starts it as the service `kafka` does and makes the topics as `topics` does. @throws with what it said */
  async start(): Promise<void> {
    const log = path.join(this.#folder, 'broker.log');
    const output = openSync(log, 'a');
    this.#child = spawn('bash', [path.join(this.#folder, 'kafka.sh')], { env: this.#env, stdio: ['ignore', output, output] });
    for (let tries = 0; ; tries++) {
      await sleep(1_000);
      if (readFileSync(log, 'utf8').includes('Kafka Server started')) break;
      if (tries > 90 || this.#child.exitCode !== null) throw new Error(`Kafka: ${readFileSync(log, 'utf8').slice(-2_000)}`);
    }
    const { status, stderr, stdout } = spawnSync('bash', [path.join(this.#folder, 'kafka.sh'), 'topics'], {
      env: this.#env,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0) throw new Error(`topics: ${stdout}${stderr}`);
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, 'SIGKILL');
  }
}

function withPlaces(text: string, { client, controller, local }: KafkaPorts, folder: string): string {
  return text
    .replaceAll('127.0.0.1:9093', `127.0.0.1:${controller}`)
    .replaceAll('127.0.0.1:9094', `127.0.0.1:${local}`)
    .replaceAll('CLIENT://:9092', `CLIENT://127.0.0.1:${client}`)
    .replaceAll('kafka:9092', `127.0.0.1:${client}`)
    .replaceAll('/var/lib/kafka/data', path.join(folder, 'data'));
}

/** Whether kafka.sh refuses to start with this password, and what it says. */
export function refusesPassword(password: string | undefined): string | undefined {
  const { KAFKA_PASSWORD: _, ...env } = process.env;
  const { status, stderr } = spawnSync('bash', [script], {
    env: { ...env, ...(password !== undefined && { KAFKA_PASSWORD: password }), KAFKA_BIN: '/nowhere' },
    encoding: 'utf8',
  });
  return status === 0 ? undefined : stderr;
}
