import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { until } from '../support/until.ts';
import { auditveil } from './agent.ts';
import { check, say, tell } from './check.ts';
import { type Answer, type Call, RealApiserver, tokens } from './real-apiserver.ts';

/**
 * On a real kube-apiserver somebody with far too many rights does a day's work. The role that `auditveil rbac suggest` writes from the
 * masked log is taken as it is (dry run, unknown fields refused, then for real), the old rights are removed, and the same work is done
 * again: all of it must still be allowed, and nothing else. What `auditveil posture` says of that day is looked at as well.
 */
const ports = { etcd: 12_779, etcdPeer: 12_780, apiserver: 16_783 };
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const core = '/api/v1/namespaces';

const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });
const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'web:latest' }] } },
  },
});
const apply = { 'content-type': 'application/apply-patch+yaml' };
const merge = { 'content-type': 'application/merge-patch+json' };

/** The work. Every one of these answers something other than 403, with the broad rights and with the suggested ones. */
const work: readonly Call[] = [
  { path: `${core}/shop/configmaps/settings` },
  { path: `${core}/shop/configmaps/settings`, method: 'PUT', body: configMap('settings') },
  { path: `${core}/test/configmaps?limit=5` },
  { path: `${core}/shop/secrets/one` },
  { path: `${core}/test/secrets`, method: 'POST', body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'made' } } },
  { path: `${core}/test/secrets/made`, method: 'DELETE' },
  {
    path: '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=me',
    method: 'PATCH',
    body: deployment('web'),
    headers: apply,
  },
  {
    path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    method: 'PATCH',
    body: { spec: { replicas: 2 } },
    headers: merge,
  },
  { path: '/apis/apps/v1/deployments' },
  { path: `${core}/shop/pods/p/log` },
  { path: `${core}/shop/pods/p/exec?command=ls&stdout=true`, method: 'POST' },
  {
    path: `${core}/shop/serviceaccounts/default/token`,
    method: 'POST',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  },
  { path: '/api/v1/nodes' },
  { path: '/api/v1/namespaces/shop' },
  { path: '/metrics' },
  { path: `${core}/shop/services`, headers: { 'impersonate-user': 'system:serviceaccount:shop:robot' } },
];

/** Never asked for, so never to be allowed. */
const other: readonly Call[] = [
  { path: `${core}/shop/secrets` },
  { path: `${core}/shop/secrets/two` },
  { path: `${core}/shop/configmaps/settings`, method: 'DELETE' },
  { path: `${core}/test/configmaps/settings` },
  { path: '/apis/apps/v1/namespaces/test/deployments/web', method: 'DELETE' },
  { path: '/api/v1/pods' },
  { path: '/logs' },
  { path: `${core}/shop/services`, headers: { 'impersonate-user': 'system:serviceaccount:shop:other' } },
];

const byIntern = (server: RealApiserver, call: Call): Promise<Answer> => server.call({ ...call, token: tokens.intern });
const nameOf = ({ method = 'GET', path: url }: Call): string => `${method} ${url}`;

async function prepare(server: RealApiserver): Promise<void> {
  const make = (url: string, body: object): Promise<Answer> =>
    server.call({ method: 'POST', path: url, token: tokens.admin, body });
  for (const name of ['shop', 'test']) await make('/api/v1/namespaces', { metadata: { name } });
  for (const name of ['settings', 'other']) await make(`${core}/shop/configmaps`, configMap(name));
  await make(`${core}/shop/serviceaccounts`, { metadata: { name: 'default' } });
  await make(`${rbac}/clusterroles`, {
    metadata: { name: 'everything' },
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
  });
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'intern' }];
  const robot = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'shop' }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'everything' };
  await make(`${rbac}/clusterrolebindings`, { metadata: { name: 'intern-everything' }, roleRef, subjects });
  await make(`${rbac}/clusterrolebindings`, { metadata: { name: 'robot-everything' }, roleRef, subjects: robot });
}

/** Creates what was suggested. @returns what the API server refused */
async function create(server: RealApiserver, objects: readonly Suggested[], dryRun: boolean): Promise<readonly string[]> {
  const refused: string[] = [];
  for (const object of objects) {
    const place = object.metadata.namespace === undefined ? '' : `/namespaces/${object.metadata.namespace}`;
    const url = `${rbac}${place}/${object.kind.toLowerCase()}s?fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
    const { status, body } = await server.call({ method: 'POST', path: url, token: tokens.admin, body: object });
    if (status !== 201) refused.push(`${object.kind} ${object.metadata.name}: ${status} ${body.slice(0, 300)}`);
  }
  return refused;
}

interface Suggested {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

async function statuses(server: RealApiserver, calls: readonly Call[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const call of calls) {
    // Deleted by the last round.
    if (call.method === 'DELETE')
      await byIntern(server, { path: `${core}/test/secrets`, method: 'POST', body: { metadata: { name: 'made' } } });
    found.set(nameOf(call), (await byIntern(server, call)).status);
  }
  return found;
}

async function story(server: RealApiserver, folder: string): Promise<void> {
  await prepare(server);
  const before = await statuses(server, work);
  const barred = [...before].filter(([, status]) => status === 403 || status === 0);
  check(barred.length === 0, `the broad rights allow the work ${JSON.stringify(barred)}`);
  const auditLog = path.join(folder, 'audit.log');
  const masked = path.join(folder, 'masked.log');
  writeFileSync(masked, auditveil(folder, 'mask', auditLog));
  const yaml = auditveil(folder, 'rbac', 'suggest', '--user', 'intern', masked);
  say(yaml.replaceAll(/^/gm, '     '));
  check(
    yaml.includes('ClusterRoleBinding intern-everything of ClusterRole everything: 2 of 2 rules used'),
    'what was granted is named',
  );
  const objects = parseAllDocuments(yaml).map((document) => document.toJS() as Suggested);
  const refused = await create(server, objects, true);
  check(refused.length === 0, `kube-apiserver takes what was suggested as a dry run ${refused.join('; ')}`);
  await create(server, objects, false);
  await server.call({ method: 'DELETE', path: `${rbac}/clusterrolebindings/intern-everything`, token: tokens.admin });
  // The authorizer follows changes by watching them.
  const isBarred = async (): Promise<boolean> => (await byIntern(server, { path: '/api/v1/pods' })).status === 403;
  await until('the broad rights are gone', isBarred, 5_000, 100);
  const denied = [...(await statuses(server, work))].filter(([, status]) => status === 403 || status === 0);
  check(denied.length === 0, `the suggested rights allow the same work ${JSON.stringify(denied)}`);
  const allowed = [...(await statuses(server, other))].filter(([, status]) => status !== 403);
  check(allowed.length === 0, `and nothing else ${JSON.stringify(allowed)}`);
  const report = auditveil(folder, 'posture', auditLog);
  for (const id of ['rbac.wildcard', 'delivery.by-hand', 'workload.readiness-probe', 'image.version'])
    check(report.includes(`FOUND  ${id} `), `posture finds ${id}`);
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-rbac-'));
const policy = path.join(folder, 'policy.yaml');
writeFileSync(policy, 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Request\n');
const server = new RealApiserver(folder, ports, [
  `--audit-policy-file=${policy}`,
  `--audit-log-path=${path.join(folder, 'audit.log')}`,
]);
await tell(
  async () => {
    await server.start();
    await story(server, folder);
  },
  async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  },
);
