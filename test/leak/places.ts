import type { Planter } from '../../src/demo/plant.ts';

/** One line of a log with a secret in a place where secrets occur in practice, or where one would hide it. */
export interface Place {
  readonly name: string;
  readonly line: Buffer;
}

type Json = Readonly<Record<string, unknown>>;

function event(more: Json, verb = 'create', resource = 'configmaps'): Json {
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '6f1c9a52-3f5e-4c1b-9d6a-8a1f0c2b7e11',
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/${resource}`,
    verb,
    user: { username: 'system:serviceaccount:shop:checkout', groups: ['system:authenticated'] },
    sourceIPs: ['10.244.1.7'],
    userAgent: 'checkout/v2.4.1',
    objectRef: { resource, namespace: 'shop', name: 'x', apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: '2026-03-02T09:00:00.000000Z',
    stageTimestamp: '2026-03-02T09:00:00.002000Z',
    ...more,
  };
}

const body = (requestObject: unknown, verb?: string, resource?: string): string =>
  JSON.stringify(event({ requestObject }, verb, resource));
const pod = (container: Json): string =>
  body({ kind: 'Pod', apiVersion: 'v1', spec: { containers: [{ name: 'c', image: 'x', ...container }] } }, 'create', 'pods');

function secretsByStructure(plant: Planter): Readonly<Record<string, string>> {
  const applied = JSON.stringify({
    kind: 'Secret',
    apiVersion: 'v1',
    stringData: { 'a.b': plant.password('last-applied of a Secret') },
  });
  const data = { color: plant.secretData('Secret in a List', 'ultramarine and secret') };
  return {
    'stringData of a Secret': body(
      { kind: 'Secret', apiVersion: 'v1', stringData: { color: plant.password('stringData') } },
      'create',
      'secrets',
    ),
    'Secret without a kind, known by objectRef': body(
      { data: { color: plant.secretData('no kind', 'known by its reference') } },
      'patch',
      'secrets',
    ),
    'Secret in a List': body(
      { kind: 'List', apiVersion: 'v1', items: [{ kind: 'Secret', apiVersion: 'v1', data }] },
      'create',
      'secrets',
    ),
    'Secret in a watch event': JSON.stringify(
      event(
        {
          responseObject: {
            type: 'ADDED',
            object: { kind: 'Secret', apiVersion: 'v1', data: { x: plant.secretData('watch event', 'seen while watching') } },
          },
        },
        'watch',
        'secrets',
      ),
    ),
    'last-applied of a Secret': body(
      {
        kind: 'Secret',
        apiVersion: 'v1',
        metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
      },
      'patch',
      'secrets',
    ),
    'JSON patch of a Secret': body(
      [{ op: 'replace', path: '/data/color', value: plant.secretData('JSON patch', 'patched into place') }],
      'patch',
      'secrets',
    ),
  };
}

function secretsByName(plant: Planter): Readonly<Record<string, string>> {
  const uri = (path: string): string => JSON.stringify(event({ requestURI: path }, 'get', 'pods'));
  return {
    'env, value before name': pod({ env: [{ value: plant.password('env, value first'), name: 'DB_PASSWORD' }] }),
    'flag and value as two arguments': pod({ args: ['--password', plant.password('two arguments'), '--v=2'] }),
    'header of a probe': pod({
      livenessProbe: { httpGet: { httpHeaders: [{ name: 'Authorization', value: `Bearer ${plant.bearer('probe header')}` }] } },
    }),
    'exec command in the URI': uri(
      `/api/v1/namespaces/shop/pods/x/exec?command=mysql&command=--password%3D${plant.bearer('exec URI')}&container=c`,
    ),
    'token in the query': uri(`/api/v1/namespaces/shop/pods/x/proxy/?access_token=${plant.bearer('query')}&x=1`),
    'token of a TokenRequest': JSON.stringify(
      event({
        objectRef: { resource: 'serviceaccounts', subresource: 'token', name: 'x', namespace: 'shop' },
        responseObject: { kind: 'TokenRequest', status: { token: plant.jwt('TokenRequest', 'system:serviceaccount:shop:x') } },
      }),
    ),
    'member named in camel case': body({ kind: 'Workflow', spec: { clientSecret: plant.password('camel case name') } }),
    'secret name deeper in a body': body({
      kind: 'Workflow',
      spec: { size: 1, nested: { dbPassword: plant.password('nested name') } },
    }),
  };
}

function secretsInText(plant: Planter): Readonly<Record<string, string>> {
  const message = `Get "https://user:${plant.bearer('URL in a message')}@db.example.com/x": connection refused`;
  const webhook = JSON.stringify({
    configuration: 'x',
    patch: [
      { op: 'add', path: '/spec/containers/0/env/-', value: { name: 'API_TOKEN', value: plant.bearer('webhook annotation') } },
    ],
    patchType: 'JSONPatch',
  });
  const value = (text: string): string => body({ kind: 'ConfigMap', apiVersion: 'v1', data: { file: text } });
  return {
    'private key in a ConfigMap': value(plant.pem('ConfigMap value')),
    'private key with its line ends written out': value(plant.pem('ConfigMap value, line ends escaped').replaceAll('\n', '\\n')),
    'YAML in a ConfigMap': value(`db:\n  password: ${plant.password('YAML')}\n  user: app\n`),
    'properties in a ConfigMap': value(`spring.datasource.password=${plant.password('properties')}\nlog.level=INFO\n`),
    'JSON in JSON in a ConfigMap': value(
      JSON.stringify({ inner: JSON.stringify({ password: plant.password('two levels of JSON') }) }),
    ),
    'Authorization header in a script': value(
      `curl -H "Authorization: Bearer ${plant.bearer('script')}" https://api.example.com`,
    ),
    'AWS key in a script': value(`export AWS_ACCESS_KEY_ID=${plant.awsKey('script')}\n`),
    'token in a user agent': JSON.stringify(
      event({ userAgent: `curl/8 ${plant.jwt('user agent', 'system:serviceaccount:shop:x')}` }),
    ),
    'URL with a password in a status message': JSON.stringify(
      event({ responseStatus: { metadata: {}, status: 'Failure', message, code: 500 } }),
    ),
    'patch in a webhook annotation': JSON.stringify(
      event({ annotations: { 'patch.webhook.admission.k8s.io/round_0_index_0': webhook } }),
    ),
    'user name of a person': JSON.stringify(
      event({
        user: { username: plant.email('user name', 'ines.costa@example.com') },
        impersonatedUser: { username: plant.email('impersonated', 'omar.lund@example.com') },
      }),
    ),
    'person in a refusal': JSON.stringify(
      event({
        responseStatus: {
          metadata: {},
          message: `pods is forbidden: User "${plant.email('refusal', 'hana.ito@example.com')}" cannot list resource "pods"`,
          code: 403,
        },
      }),
    ),
  };
}

/** What is written to mislead a parser. */
function secretsBehindTricks(plant: Planter): Readonly<Record<string, string | Buffer>> {
  const escaped = body({ kind: 'Workflow', spec: { x: 1 } }).replace(
    '"x":1',
    `"pass\\u0077ord":"${plant.bearer('escaped name')}"`,
  );
  const repeated = body({ kind: 'Secret', apiVersion: 'v1', data: 1 }, 'create', 'secrets').replace(
    '"data":1',
    `"data":{"a":"${plant.secretData('repeated key', 'the first of two')}"},"data":{}`,
  );
  const torn = body(
    {
      kind: 'Secret',
      apiVersion: 'v1',
      data: { color: plant.secretData('torn line', 'cut off in the middle'), more: 'x'.repeat(50) },
    },
    'create',
    'secrets',
  ).slice(0, -40);
  const notUtf8 = Buffer.from(body({ kind: 'Workflow', spec: { x: `\u00ff${plant.bearer('not UTF-8')}` } }), 'latin1');
  const deep = `${'['.repeat(600)}"${plant.bearer('too deep')}"${']'.repeat(600)}`;
  return {
    'name with an escape in it': escaped,
    'key that occurs twice': repeated,
    'line cut short': torn,
    'bytes that are not UTF-8': notUtf8,
    'nesting deeper than the limit': body({ kind: 'Workflow', spec: '@' }).replace('"@"', deep),
    'text that is no JSON': `password=${plant.bearer('no JSON')} token`,
    'number with a plus': body({ kind: 'Workflow', spec: { password: plant.bearer('bad JSON'), n: 1 } }).replace(
      '"n":1',
      '"n":+1',
    ),
    'prototype as a key': body({ kind: 'Workflow', spec: '@' }).replace(
      '"@"',
      `{"__proto__":{"password":"${plant.bearer('prototype')}"}}`,
    ),
    'already masked, in front of a real one': body({
      kind: 'Workflow',
      spec: { password: `[MASKED:password] ${plant.bearer('behind a mask')}` },
    }),
  };
}

/** Every place, each with secrets of its own. */
export function plantPlaces(plant: Planter): readonly Place[] {
  const lines = { ...secretsByStructure(plant), ...secretsByName(plant), ...secretsInText(plant), ...secretsBehindTricks(plant) };
  return Object.entries(lines).map(([name, line]) => ({ name, line: Buffer.from(line) }));
}
