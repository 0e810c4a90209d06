import { alphabets, type SeededRandom } from '../../src/demo/random.ts';
import { plainEvent } from './places.ts';

type Json = Readonly<Record<string, unknown>>;

export interface HarmlessKind {
  readonly kind: string;
  /** An event in which nothing is secret, though something looks like it. */
  readonly event: (random: SeededRandom) => Json;
}

const { hex, suffix } = alphabets;
const env = (name: string, value: string): Json => pod({ env: [{ name, value }] });
const pod = (container: Json, more: Json = {}): Json =>
  plainEvent(
    { requestObject: { kind: 'Pod', apiVersion: 'v1', ...more, spec: { containers: [{ name: 'c', ...container }] } } },
    'pods',
  );
const object = (value: Json, resource = 'widgets'): Json => plainEvent({ requestObject: value }, resource);

/** What maskers mistake for secrets in audit events. */
export const harmlessKinds: readonly HarmlessKind[] = [
  { kind: 'image digest', event: (random) => pod({ image: `registry.example.com/app@sha256:${random.chars(64, hex)}` }) },
  {
    kind: 'uid and resourceVersion',
    event: (random) =>
      object({ kind: 'Widget', metadata: { uid: random.uuid(), resourceVersion: random.chars(10, '123456789') } }),
  },
  {
    kind: 'pod name with hash',
    event: (random) =>
      plainEvent({ objectRef: { resource: 'pods', name: `app-${random.chars(10, suffix)}-${random.chars(5, suffix)}` } }),
  },
  {
    kind: 'checksum annotation',
    event: (random) => object({ metadata: { annotations: { 'checksum/config': random.chars(64, hex) } } }),
  },
  { kind: 'container id', event: (random) => object({ status: { containerID: `containerd://${random.chars(64, hex)}` } }) },
  {
    kind: 'version of four numbers',
    event: (random) =>
      pod({ image: `registry.example.com/tool:${random.between(1, 9)}.${random.between(10, 99)}.0.${random.between(1, 9)}` }),
  },
  { kind: 'object identifier', event: () => object({ spec: { oid: '2.5.4.3', policies: ['1.3.6.1.4.1.11129.2.4.2'] } }) },
  { kind: 'setting with a telling name', event: (random) => env('PASSWORD_MIN_LENGTH', String(random.between(8, 20))) },
  { kind: 'path of a secret file', event: () => env('DB_PASSWORD_FILE', '/run/secrets/db-password') },
  { kind: 'lifetime of a token', event: (random) => env('TOKEN_TTL', `${random.between(5, 60)}m`) },
  { kind: 'switch', event: () => env('API_KEY_REQUIRED', 'true') },
  {
    kind: 'reference to a Secret',
    event: () =>
      pod({ env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db-credentials', key: 'password' } } }] }),
  },
  { kind: 'reference to a variable', event: () => env('DB_PASSWORD', '$(DB_PASSWORD_FROM_ENV)') },
  { kind: 'template', event: () => object({ spec: { password: '{{ .Values.db.password }}' } }) },
  {
    kind: 'role about secrets',
    event: () =>
      object(
        { kind: 'Role', rules: [{ apiGroups: [''], resources: ['secrets', 'serviceaccounts/token'], verbs: ['get'] }] },
        'roles',
      ),
  },
  {
    kind: 'managed fields',
    event: () =>
      object({
        metadata: { managedFields: [{ manager: 'kubectl', fieldsV1: { 'f:data': { 'f:password': {}, 'f:token': {} } } }] },
      }),
  },
  {
    kind: 'system account with a telling name',
    event: () => plainEvent({ user: { username: 'system:serviceaccount:kube-system:token-cleaner' } }),
  },
  { kind: 'clone address', event: () => object({ spec: { repoURL: 'git@git.example.com:team/app.git' } }) },
  { kind: 'systemd unit', event: () => object({ spec: { unit: 'getty@tty1.service' } }) },
  {
    kind: 'all addresses and loopback',
    event: () => object({ spec: { cidrs: ['0.0.0.0/0', '::/0', '127.0.0.1', '::1'], clusterIP: 'None' } }),
  },
  {
    kind: 'public certificate',
    event: (random) =>
      object({
        webhooks: [
          { clientConfig: { caBundle: `LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t${random.chars(400, alphabets.alphanumeric)}` } },
        ],
      }),
  },
  {
    kind: 'large numbers',
    event: (random) =>
      object({ spec: { generation: random.between(1, 9), startedAtNanos: Number(`17${random.chars(13, '0123456789')}`) } }),
  },
];
