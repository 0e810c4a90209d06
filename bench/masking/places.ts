import { gzipSync } from 'node:zlib';
import type { SecretClass } from './secrets.ts';

type Json = Readonly<Record<string, unknown>>;

/** A place of the leak map (where audit events hold secrets in practice). */
export interface Place {
  readonly place: string;
  /** Classes of values that can be recognised there: a shapeless one needs a telling name or a telling place. */
  readonly classes: readonly SecretClass[];
  /** An event with the value there, under the name where the place has names. */
  readonly event: (value: string, name: string) => Json;
  /** What to look for where the value itself is compressed. */
  readonly needle?: (event: Json) => string;
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const camel = (name: string): string => name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const kebab = (name: string): string => name.toLowerCase().replaceAll('_', '-');
const query = (value: string): string => encodeURIComponent(value);

/** An event of a system component, with nothing in it that a policy would mask. */
export function plainEvent(more: Json, resource = 'configmaps', verb = 'create'): Json {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '5d0e2ad4-9a7b-4c37-a8a1-30c1bb5f6c55',
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/${resource}`,
    verb,
    user: { username: 'system:serviceaccount:shop:deployer', groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIPs: ['127.0.0.1'],
    userAgent: 'kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc',
    objectRef: { resource, namespace: 'shop', name: 'app', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    requestReceivedTimestamp: '2026-05-04T09:12:33.127649Z',
    stageTimestamp: '2026-05-04T09:12:33.131002Z',
    ...more,
  };
}

const body = (requestObject: unknown, resource?: string, verb?: string): Json => plainEvent({ requestObject }, resource, verb);
const configMap = (data: Json): Json => body({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'app' }, data });
const secret = (data: Json): Json => ({ kind: 'Secret', apiVersion: 'v1', metadata: { name: 'app' }, data });
const container = (more: Json): Json => ({ name: 'c', image: 'registry.example.com/app:1.4.2', ...more });
const deployment = (more: Json): Json => ({
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: { name: 'app' },
  spec: { replicas: 2, template: { spec: { containers: [container(more)] } } },
});
const workload = (more: Json): Json => body(deployment(more), 'deployments');
const indented = (value: string): string => value.trimEnd().replaceAll('\n', '\n    ');
const message = (text: string): Json =>
  plainEvent({ responseStatus: { metadata: {}, status: 'Failure', message: text, code: 422 } });

const named: readonly SecretClass[] = ['named', 'shaped'];
const every: readonly SecretClass[] = ['named', 'shaped', 'personal'];
const shaped: readonly SecretClass[] = ['shaped'];
const open: readonly SecretClass[] = ['shaped', 'personal'];

/** Places by what they are called in the published table. */
export const places: readonly Place[] = [
  { place: 'data of a Secret', classes: named, event: (value) => body(secret({ color: base64(value) }), 'secrets') },
  {
    place: 'Secret in a list',
    classes: named,
    event: (value) =>
      plainEvent(
        { responseObject: { kind: 'SecretList', apiVersion: 'v1', items: [secret({ color: base64(value) })] } },
        'secrets',
        'list',
      ),
  },
  { place: 'patch of a Secret', classes: named, event: (value) => body({ stringData: { color: value } }, 'secrets', 'patch') },
  {
    place: 'JSON Patch of a Secret',
    classes: named,
    event: (value) => body([{ op: 'add', path: '/data/color', value: base64(value) }], 'secrets', 'patch'),
  },
  {
    place: 'last-applied annotation',
    classes: named,
    event: (value) =>
      body(
        {
          ...secret({}),
          metadata: {
            annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(secret({ color: base64(value) })) },
          },
        },
        'secrets',
      ),
  },
  {
    place: 'Helm release',
    classes: named,
    needle: ({ requestObject }) => (requestObject as { data: { release: string } }).data.release.slice(0, 60),
    event: (value) =>
      body(
        {
          ...secret({ release: base64(gzipSync(JSON.stringify({ config: { color: value } })).toString('base64')) }),
          type: 'helm.sh/release.v1',
        },
        'secrets',
      ),
  },
  { place: 'environment variable', classes: named, event: (value, name) => workload({ env: [{ name, value }] }) },
  { place: 'flag=value', classes: named, event: (value, name) => workload({ args: [`--${kebab(name)}=${value}`] }) },
  { place: 'flag, value', classes: named, event: (value, name) => workload({ args: [`--${kebab(name)}`, value] }) },
  {
    place: 'shell command',
    classes: named,
    event: (value, name) => workload({ command: ['sh', '-c', `export ${name}='${value}' && exec /app --verbose`] }),
  },
  {
    place: 'HTTP header of a probe',
    classes: named,
    event: (value) =>
      workload({ livenessProbe: { httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'X-Api-Key', value }] } } }),
  },
  {
    place: 'JSON Patch of a workload',
    classes: named,
    event: (value, name) =>
      body([{ op: 'add', path: '/spec/template/spec/containers/0/env/-', value: { name, value } }], 'deployments', 'patch'),
  },
  {
    place: 'admission patch annotation',
    classes: named,
    event: (value, name) => {
      const patch = [{ op: 'add', path: '/spec/containers/0/env/-', value: { name, value } }];
      const text = JSON.stringify({ configuration: 'sidecar', webhook: 'sidecar.example.com', patch, patchType: 'JSONPatch' });
      return plainEvent({ annotations: { 'patch.webhook.admission.k8s.io/round_0_index_0': text } }, 'pods');
    },
  },
  {
    place: 'custom resource field',
    classes: named,
    event: (value, name) => body({ kind: 'Widget', spec: { auth: { [camel(name)]: value } } }, 'widgets'),
  },
  {
    place: 'properties in a ConfigMap',
    classes: every,
    event: (value, name) => configMap({ 'app.properties': `log.level=info\n${name}=${value}\n` }),
  },
  {
    place: 'YAML in a ConfigMap',
    classes: every,
    event: (value, name) =>
      configMap({
        'app.yaml': `server:\n  port: 8080\n  ${camel(name)}: ${value.includes('\n') ? `|\n    ${indented(value)}` : value}\n`,
      }),
  },
  {
    place: 'JSON in a ConfigMap',
    classes: every,
    event: (value, name) => configMap({ 'app.json': JSON.stringify({ port: 8080, [camel(name)]: value }, undefined, 2) }),
  },
  {
    place: 'kubeconfig in a ConfigMap',
    classes: ['named'],
    event: (value) => configMap({ config: `apiVersion: v1\nkind: Config\nusers:\n- name: ci\n  user:\n    token: ${value}\n` }),
  },
  {
    place: 'registry login',
    classes: ['named'],
    event: (value) =>
      configMap({
        'config.json': JSON.stringify({ auths: { 'registry.example.com': { username: 'ci', auth: base64(`ci:${value}`) } } }),
      }),
  },
  {
    place: 'exec command in the URI',
    classes: named,
    event: (value, name) =>
      plainEvent(
        {
          requestURI: `/api/v1/namespaces/shop/pods/app/exec?command=app&command=--${kebab(name)}%3D${query(value)}&container=c`,
        },
        'pods',
        'get',
      ),
  },
  {
    place: 'query of a URI',
    classes: named,
    event: (value) =>
      plainEvent(
        { requestURI: `/api/v1/namespaces/shop/services/app/proxy/x?access_token=${query(value)}&page=2` },
        'services',
        'get',
      ),
  },
  {
    place: 'URL in a status message',
    classes: ['named'],
    event: (value) => message(`Get "https://ci:${query(value)}@registry.example.com/v2/": connection refused`),
  },
  {
    place: 'TokenReview',
    classes: named,
    event: (value) => body({ kind: 'TokenReview', spec: { token: value } }, 'tokenreviews'),
  },
  {
    place: 'TokenRequest',
    classes: named,
    event: (value) =>
      plainEvent({
        objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'shop', name: 'app' },
        responseObject: { kind: 'TokenRequest', status: { token: value, expirationTimestamp: '2026-05-04T10:12:33Z' } },
      }),
  },
  {
    place: 'status message',
    classes: open,
    event: (value) => message(`Widget "app" is invalid: spec.note: Invalid value: "${value}": too long`),
  },
  {
    place: 'message of an Event',
    classes: open,
    event: (value) =>
      body(
        { kind: 'Event', apiVersion: 'v1', reason: 'Failed', message: `could not start: refused with ${value} at step 3` },
        'events',
      ),
  },
  {
    place: 'annotation of an object',
    classes: open,
    event: (value) => body({ kind: 'Pod', metadata: { annotations: { 'example.com/note': `see ${value}` } } }, 'pods'),
  },
  {
    place: 'user agent',
    classes: shaped,
    event: (value) => plainEvent({ userAgent: `tool/1.0 (${value.replaceAll('\n', ' ')})` }),
  },
];
