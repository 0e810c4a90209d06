import { gzipSync } from 'node:zlib';

/** Random numbers from a seed (mulberry32): the same events for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to below `limit`. */
  roll(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.roll(items.length)] as T;
  }

  /** A made-up secret: letters and digits that no word has next to each other. */
  secret(): string {
    return `zq${Array.from({ length: 18 }, () => this.pick([...'bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789'])).join('')}7Q`;
  }
}

type Json = unknown;
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

/** Names that announce a secret, in the spellings that files use. */
const names = [
  'password',
  'dbPassword',
  'DB_PASSWORD',
  'api-key',
  'clientSecret',
  'auth_token',
  'spring.datasource.password',
  'passwort',
];

/** Files with a secret in them, as they stand in ConfigMaps and annotations. */
export const files: Readonly<Record<string, (secret: string, dice: Dice) => string>> = {
  json: (secret, dice) => JSON.stringify({ server: { port: 8080 }, db: { host: 'db', [dice.pick(names)]: secret } }),
  prettyJson: (secret, dice) => JSON.stringify({ list: [1, { [dice.pick(names)]: secret }], on: true }, null, 2),
  yaml: (secret, dice) => `server:\n  port: 8080\ndb:\n  - host: db\n    ${dice.pick(names)}: ${secret} # keep\nlast: true\n`,
  yamlQuoted: (secret, dice) => `a: 'it''s'\n${dice.pick(names)}: "${secret}"\nb: {${dice.pick(names)}: ${secret}, c: [1, 2]}\n`,
  yamlBlock: (secret, dice) => `a: b\n${dice.pick(names)}: |-\n  ${secret.slice(0, 11)}\n  ${secret}\nnext: 1\n`,
  yamlSecret: (secret) =>
    `---\napiVersion: v1\nstringData:\n  note: ${secret}\nmetadata:\n  name: db\nkind: Secret\n---\nkind: ConfigMap\n`,
  yamlEnv: (secret, dice) =>
    `containers:\n- name: app\n  env:\n  - name: ${dice.pick(['DB_PASSWORD', 'API_KEY'])}\n    value: ${secret}\n  args: ["--token", "${secret}"]\n`,
  jsonSecret: (secret) => JSON.stringify({ apiVersion: 'v1', data: { user: base64(secret) }, kind: 'Secret' }),
  properties: (secret, dice) => `# settings\ndb.host=db\n${dice.pick(names)}=${secret}\ntimeout = 30s\n`,
  env: (secret, dice) => `export HOST=db\nexport ${dice.pick(['DB_PASSWORD', 'API_KEY', 'AUTH_TOKEN'])}="${secret}"\n`,
  ini: (secret, dice) => `[server]\nport = 80\n\n[db]\n${dice.pick(names)} = ${secret}\n; end\n`,
  toml: (secret, dice) => `title = "x"\n[db]\n"${dice.pick(names)}" = '${secret}'\nports = [ 1, 2 ]\n`,
  xml: (secret, dice) =>
    `<?xml version="1.0"?>\n<app><db host="db"><password>${secret}</password></db><add name="${dice.pick(['DbPassword', 'ApiKey'])}" value="${secret}"/></app>`,
  kubeconfig: (secret) =>
    `apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: ${secret}\n    client-key-data: ${base64(`key ${secret}`)}\n`,
  dockerConfig: (secret) =>
    JSON.stringify({ auths: { 'registry.example.com': { username: 'ci', password: secret, auth: base64(`ci:${secret}`) } } }),
  uri: (secret) => `DATABASE=postgres://app:${secret}@db.example.com:5432/app`,
  header: (secret) => `curl -H 'Authorization: Bearer ${secret}' https://api.example.com`,
  shell: (secret) => `#!/bin/sh\nset -e\nmysql -h db --password=${secret} app\n`,
};

const lines = (text: string): string => text.replace(/.{64}/g, '$&\n');
const utf16 = (text: string): string => Buffer.from(text, 'utf16le').toString('base64');

/** Ways a text may be written inside another string. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64,
  base64Url: (text) => Buffer.from(text).toString('base64url'),
  base64Bare: (text) => base64(text).replace(/=+$/, ''),
  base64Lines: (text) => lines(base64(text)),
  gzip: (text) => base64(gzipSync(text)),
  hex: (text) => Buffer.from(text).toString('hex'),
  utf16,
  percent: encodeURIComponent,
  percentTwice: (text) => encodeURIComponent(encodeURIComponent(text)),
  jsonString: (text) => JSON.stringify(text),
  inJson: (text) => JSON.stringify({ note: 'x', file: text }),
  inYaml: (text) => `note: x\nfile: ${JSON.stringify(text)}\n`,
};

/** Places in an event that hold a text of any kind. */
export const textPlaces: Readonly<Record<string, (text: string, dice: Dice) => Json>> = {
  configMap: (text) => ({ requestObject: { kind: 'ConfigMap', data: { file: text } } }),
  binaryData: (text) => ({ responseObject: { kind: 'ConfigMapList', items: [{ binaryData: { file: base64(text) } }] } }),
  annotation: (text) => ({ responseObject: { kind: 'Pod', metadata: { annotations: { 'example.com/state': text } } } }),
  lastApplied: (text) => ({
    requestObject: {
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify({ kind: 'ConfigMap', data: { file: text } })}\n`,
        },
      },
    },
  }),
  patch: (text) => ({ requestObject: [{ op: 'add', path: '/data/file', value: text }] }),
  webhookPatch: (text) => ({
    annotations: {
      'patch.webhook.admission.k8s.io/round_0_index_0': JSON.stringify({
        configuration: 'c',
        patch: [{ op: 'add', path: '/metadata/annotations/a', value: text }],
      }),
    },
  }),
  environment: (text) => ({ requestObject: { spec: { containers: [{ env: [{ name: 'SETTINGS', value: text }] }] } } }),
  argument: (text) => ({ requestObject: { spec: { containers: [{ args: ['run', text] }] } } }),
  custom: (text) => ({ requestObject: { kind: 'Widget', spec: { parts: [{ body: text }] } } }),
  query: (text) => ({ requestURI: `/api/v1/namespaces/a/services/b/proxy/c?q=${encodeURIComponent(text)}&limit=5` }),
  body: (text) => ({ responseObject: text }),
};

const podOf = (kind: string, container: Json): Json => {
  const pod = { spec: { containers: [container] } };
  if (kind === 'Pod') return { kind, ...pod };
  if (kind === 'CronJob') return { kind, spec: { jobTemplate: { spec: { template: pod } } } };
  return { kind, spec: { template: pod } };
};
const workloads = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Rollout', 'Widget'];
const inBody = (body: Json, dice: Dice): Json => ({ [dice.pick(['requestObject', 'responseObject'])]: body });

/** Places that hold a bare secret. */
export const secretPlaces: Readonly<Record<string, (secret: string, dice: Dice) => Json>> = {
  data: (secret, dice) => inBody({ data: { user: base64(secret) }, kind: 'Secret' }, dice),
  stringData: (secret, dice) => inBody({ kind: 'Secret', stringData: { note: secret } }, dice),
  list: (secret) => ({ responseObject: { kind: 'SecretList', items: [{ metadata: {}, data: { x: base64(secret) } }] } }),
  anyList: (secret) => ({ responseObject: { kind: 'List', items: [{ data: { x: base64(secret) }, kind: 'Secret' }] } }),
  watch: (secret) => ({ responseObject: { type: 'ADDED', object: { data: { x: base64(secret) }, kind: 'Secret' } } }),
  watchBare: (secret) => ({
    objectRef: { resource: 'secrets' },
    responseObject: { type: 'ADDED', object: { data: { x: base64(secret) } } },
  }),
  mergePatch: (secret) => ({ requestObject: { data: { x: base64(secret) } }, objectRef: { resource: 'secrets' } }),
  byPath: (secret) => ({ requestURI: '/api/v1/namespaces/a/secrets/b', requestObject: { stringData: { x: secret } } }),
  jsonPatch: (secret) => ({
    objectRef: { resource: 'secrets' },
    requestObject: [{ op: 'add', path: '/data/x', value: base64(secret) }],
  }),
  odd: (secret, dice) =>
    inBody({ kind: 'Secret', data: dice.pick<Json>([[base64(secret)], base64(secret), { a: { b: [base64(secret)] } }]) }, dice),
  text: (secret) => ({ objectRef: { resource: 'secrets' }, requestObject: `k8s raw ${secret}` }),
  environment: (secret, dice) => inBody(podOf(dice.pick(workloads), { env: [{ value: secret, name: dice.pick(names) }] }), dice),
  environmentPatch: (secret) => ({
    requestObject: [{ op: 'replace', path: '/spec/template/spec/containers/0/env/1/value', value: secret }],
  }),
  header: (secret, dice) =>
    inBody(
      podOf(dice.pick(workloads), {
        livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: `Basic ${base64(`a:${secret}`)}` }] } },
      }),
      dice,
    ),
  flag: (secret, dice) => inBody(podOf(dice.pick(workloads), { args: [`--${dice.pick(names)}=${secret}`] }), dice),
  flagWord: (secret, dice) => inBody(podOf(dice.pick(workloads), { args: ['serve', '--token', secret, '-v'] }), dice),
  shortFlag: (secret, dice) => inBody(podOf(dice.pick(workloads), { command: ['mysql', '-u', 'root', `-p${secret}`] }), dice),
  shell: (secret, dice) =>
    inBody(
      podOf(dice.pick(workloads), {
        lifecycle: { preStop: { exec: { command: ['sh', '-c', `redis-cli -a ${secret} save; exit 0`] } } },
      }),
      dice,
    ),
  exec: (secret) => ({
    requestURI: `/api/v1/namespaces/a/pods/b/exec?command=sh&command=-c&command=${encodeURIComponent(`curl -u me:${secret} x`)}&tty=true`,
  }),
  query: (secret, dice) => ({ requestURI: `/x?a=1&${dice.pick(['access_token', 'token', 'api_key'])}=${secret}&b=2` }),
  innerQuery: (secret) => ({
    requestURI: `/login?redirect=${encodeURIComponent(`https://x.example.com/cb?token=${secret}&a=b`)}`,
  }),
  userinfo: (secret) => ({ requestURI: `/proxy/https:%2F%2Fme:${secret}%40x.example.com/` }),
  review: (secret) => ({ requestObject: { kind: 'TokenReview', spec: { token: secret } } }),
  request: (secret) => ({ objectRef: { subresource: 'token' }, responseObject: { status: { token: secret } } }),
  registries: (secret, dice) => inBody({ spec: { auths: { 'registry.example.com': { auth: base64(`a:${secret}`) } } } }, dice),
  message: (secret) => ({ responseStatus: { message: `spec.password: Invalid value: "${secret}": too short` } }),
  event: (secret) => ({ requestObject: { kind: 'Event', message: `pull https://me:${secret}@registry.example.com/a failed` } }),
  release: (secret) => ({
    responseObject: { kind: 'Secret', type: 'helm.sh/release.v1', data: { release: base64(base64(gzipSync(secret))) } },
  }),
  memberName: (secret) => ({ requestObject: { spec: { [`https://me:${secret}@x.example.com`]: 'on' } } }),
  number: (_secret, dice) => inBody({ spec: { password: 100_000 + dice.roll(1e9) } }, dice),
};
