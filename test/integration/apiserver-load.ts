import { planted } from './attack.ts';
import { type RealApiserver, tokens } from './real-apiserver.ts';

const core = '/api/v1/namespaces/default';
/** Where nobody lists: each list with it in it would be an event as large. */
const elsewhere = '/api/v1/namespaces/kube-system/configmaps';
const apps = '/apis/apps/v1/namespaces/default';
const metadata = (name: string): object => ({ name, labels: { app: 'load' } });

/** Work for a kube-apiserver, as much as it takes from so many clients at once: objects made, read, listed, changed and deleted. */
export class ApiserverLoad {
  /** Calls that were answered, and those that were answered other than they should be. */
  calls = 0;
  refused = 0;
  readonly #server: RealApiserver;
  readonly #loops: Promise<void>[] = [];
  #stopped = false;

  constructor(server: RealApiserver) {
    this.#server = server;
  }

  start(clients: number): void {
    for (let client = 0; client < clients; client++) this.#loops.push(this.#work(client));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  /** An object of a megabyte: at RequestResponse its event holds it twice. */
  async makeLarge(name: string): Promise<boolean> {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data: { filling: 'word '.repeat(200_000) } };
    return (await this.#server.call({ method: 'POST', path: elsewhere, token: tokens.admin, body })).status === 201;
  }

  async #work(client: number): Promise<void> {
    for (let round = 0; !this.#stopped; round++) await this.#round(`load-${client}-${round}`);
  }

  async #round(name: string): Promise<void> {
    const data = { 'app.properties': `db.user=app\ndb.password=${planted[0]}\nround=${name}\n`, text: 'some words '.repeat(60) };
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: metadata(name), stringData: { password: planted[0] } };
    await this.#call(201, 'POST', `${core}/configmaps`, map);
    await this.#call(201, 'POST', `${core}/secrets`, secret);
    await this.#call(201, 'POST', `${apps}/deployments`, deployment(name));
    await this.#call(200, 'GET', `${core}/configmaps/${name}`);
    await this.#call(200, 'GET', `${core}/configmaps?limit=10`);
    await this.#call(200, 'PUT', `${core}/configmaps/${name}`, { ...map, data: { ...data, changed: 'yes' } });
    await this.#call(200, 'DELETE', `${apps}/deployments/${name}`);
    await this.#call(200, 'DELETE', `${core}/secrets/${name}`);
    await this.#call(200, 'DELETE', `${core}/configmaps/${name}`);
  }

  async #call(expected: number, method: string, path: string, body?: object): Promise<void> {
    const { status } = await this.#server.call({ method, path, token: tokens.admin, ...(body && { body }) });
    this.calls++;
    if (status !== expected) this.refused++;
  }
}

function deployment(name: string): object {
  const env = [{ name: 'DB_PASSWORD', value: planted[1] }];
  const container = { name: 'main', image: 'registry.example.com/app:1.4', args: ['--listen', ':8080', '--verbose'], env };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata(name), spec };
}
