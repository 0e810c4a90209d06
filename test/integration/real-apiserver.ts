import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess } from '../support/end-process.ts';

/** What one call of the API gave: status 0 where there was no answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** Bearer token; none: anonymous. */
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Invented; good for nothing but this server. */
export const tokens = { admin: 'integration-admin-token-1', intern: 'integration-intern-token-2' };

export interface ServerPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiserver: number;
}

/**
 * A real etcd and a real kube-apiserver as processes on loopback, with two users: `admin` of system:masters and `intern` without
 * rights. Binaries: ETCD and KUBE_APISERVER (`test/servers/kube-apiserver.sh` prints them).
 */
export class RealApiserver {
  readonly #folder: string;
  readonly #ports: ServerPorts;
  readonly #auditFlags: readonly string[];
  #etcd: ChildProcess | undefined;
  #apiserver: ChildProcess | undefined;

  constructor(folder: string, ports: ServerPorts, auditFlags: readonly string[]) {
    this.#folder = folder;
    this.#ports = ports;
    this.#auditFlags = auditFlags;
    mkdirSync(path.join(folder, 'certs'), { recursive: true });
    const users = `${tokens.admin},admin,1,"system:masters"\n${tokens.intern},intern,2\n`;
    writeFileSync(path.join(folder, 'tokens.csv'), users, { mode: 0o600 });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
    writeFileSync(path.join(folder, 'service-account.key'), key, { mode: 0o600 });
  }

  /** @throws where a binary is missing or the server is not ready in time */
  async start(): Promise<void> {
    const { etcd, etcdPeer } = this.#ports;
    const client = `http://127.0.0.1:${etcd}`;
    const peer = `http://127.0.0.1:${etcdPeer}`;
    this.#etcd = this.#spawn('ETCD', 'etcd', [
      `--data-dir=${path.join(this.#folder, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ]);
    await this.startApiserver();
  }

  async startApiserver(): Promise<void> {
    const { etcd, apiserver } = this.#ports;
    const file = (name: string): string => path.join(this.#folder, name);
    this.#apiserver = this.#spawn('KUBE_APISERVER', 'apiserver', [
      `--etcd-servers=http://127.0.0.1:${etcd}`,
      '--bind-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      `--secure-port=${apiserver}`,
      `--cert-dir=${file('certs')}`,
      `--token-auth-file=${file('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--allow-privileged=true',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${file('service-account.key')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      ...this.#auditFlags,
    ]);
    for (const startedMs = Date.now(); ; await sleep(500)) {
      if ((await this.call({ path: '/readyz', token: tokens.admin })).status === 200) return;
      const ended = this.#apiserver.exitCode !== null;
      if (ended || Date.now() - startedMs > 120_000)
        throw new Error(`kube-apiserver ${ended ? 'ended' : 'is not ready after 2 minutes'}:\n${this.#said()}`);
    }
  }

  /** Stops kube-apiserver as a node's init does: what its audit backend still holds is sent first. */
  async stopApiserver(): Promise<void> {
    await endProcess(this.#apiserver, 'SIGTERM');
  }

  async stop(): Promise<void> {
    await endProcess(this.#apiserver, 'SIGTERM');
    await endProcess(this.#etcd, 'SIGTERM');
  }

  call({ method = 'GET', path: url, token, body, headers = {} }: Call): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#ports.apiserver,
          path: url,
          method,
          // Its certificate is made at its first start; loopback only.
          rejectUnauthorized: false,
          headers: {
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...(text !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
          response.on('error', () => resolve({ status: 0, body: '' }));
        },
      );
      sent.on('error', () => resolve({ status: 0, body: '' }));
      sent.setTimeout(30_000, () => sent.destroy());
      sent.end(text);
    });
  }

  /** Sum of a counter of kube-apiserver's own metrics over the series that have this text in their labels. */
  async counter(name: string, labels = ''): Promise<number> {
    const { body } = await this.call({ path: '/metrics', token: tokens.admin });
    const lines = body.split('\n').filter((line) => line.startsWith(name) && line.includes(labels));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /**
   * Events that it says it did not hand to its webhook backend because that was shut down before its last watches ended. Its log
   * backend writes them.
   */
  get droppedAtShutdown(): number {
    const text = readFileSync(path.join(this.#folder, 'apiserver.log'), 'utf8');
    const counts = [...text.matchAll(/affecting (\d+) audit events: audit backend shut down/g)];
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Ordinary work: objects of which nothing is to be said. */
  async makeConfigMaps(name: string, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-${i}` }, data: { step: `${i}` } };
      await this.call({ method: 'POST', path: '/api/v1/namespaces/default/configmaps', token: tokens.admin, body });
    }
  }

  #spawn(variable: string, log: string, args: readonly string[]): ChildProcess {
    const program = process.env[variable];
    if (program === undefined) throw new Error(`${variable} is not set: run test/servers/kube-apiserver.sh`);
    const output = openSync(path.join(this.#folder, `${log}.log`), 'a');
    return spawn(program, args, { stdio: ['ignore', output, output] });
  }

  #said(): string {
    return readFileSync(path.join(this.#folder, 'apiserver.log'), 'utf8').slice(-3000);
  }
}
