import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { auditveil } from './agent.ts';
import { check, say, tell } from './check.ts';
import { type Call, RealApiserver, tokens } from './real-apiserver.ts';

/**
 * The audit policy of `auditveil init policy` on a real kube-apiserver. The same attack is made twice: with everything logged, and
 * under that policy. The same rules have to find it, the body of a secret must not be in the log, and the size that was estimated
 * from the first log is compared with the second.
 */
const core = '/api/v1/namespaces';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const planted = 'cGxhbnRlZC1zZWNyZXQtNDI3MQ==';

const container = { name: 'c', image: 'web:1', securityContext: { privileged: true } };
const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'intern' }];
const admin: readonly Call[] = [
  { path: '/api/v1/namespaces', method: 'POST', body: { metadata: { name: 'shop' } } },
  { path: `${core}/shop/serviceaccounts`, method: 'POST', body: { metadata: { name: 'default' } } },
  { path: `${core}/shop/secrets`, method: 'POST', body: { metadata: { name: 'one' }, data: { key: planted } } },
  { path: '/api/v1/secrets?limit=500' },
  {
    path: `${core}/shop/pods`,
    method: 'POST',
    body: { metadata: { name: 'p' }, spec: { containers: [container], volumes: [{ name: 'v', hostPath: { path: '/' } }] } },
  },
  { path: `${core}/shop/pods/p/exec?command=sh&stdin=true&tty=true&stdout=true`, method: 'POST' },
  {
    path: `${core}/shop/serviceaccounts/default/token`,
    method: 'POST',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
  },
  {
    path: `${rbac}/clusterrolebindings`,
    method: 'POST',
    body: {
      metadata: { name: 'intern-admin' },
      roleRef: { kind: 'ClusterRole', apiGroup: 'rbac.authorization.k8s.io', name: 'cluster-admin' },
      subjects,
    },
  },
  {
    path: `${rbac}/clusterroles`,
    method: 'POST',
    body: { metadata: { name: 'all' }, rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  },
  {
    path: `${core}/shop/configmaps`,
    method: 'POST',
    body: { metadata: { name: 'settings' }, data: { password: 'example-password-0' } },
  },
  { path: `${core}/shop/services`, headers: { 'impersonate-user': 'system:serviceaccount:shop:robot' } },
  { path: `${core}/shop/secrets/one`, method: 'DELETE' },
];
const others: readonly Call[] = [
  { path: '/api/v1/secrets' },
  { path: `${core}/kube-system/secrets`, token: 'no-such-token-of-anybody' },
  {
    path: `${core}/kube-system/pods`,
    method: 'POST',
    body: { metadata: { name: 'q' }, spec: { containers: [container] } },
    token: tokens.intern,
  },
];

interface Found {
  readonly rule: { readonly name: string };
  readonly event: { readonly user?: string };
}

/** Rules that find something of people and of nobody; the API server's own work differs from start to start. */
function rulesOf(folder: string, log: string): readonly string[] {
  const lines = auditveil(folder, 'detect', log).split('\n').filter(Boolean);
  const found = lines
    .map((line) => JSON.parse(line) as Found)
    .filter(({ event }) => !/^system:(?!anonymous)/.test(event.user ?? ''));
  return [...new Set(found.map(({ rule }) => rule.name))].sort();
}

async function logUnder(folder: string, policy: string, port: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'policy.yaml'), policy);
  const log = path.join(folder, 'audit.log');
  const flags = [
    `--audit-policy-file=${path.join(folder, 'policy.yaml')}`,
    `--audit-log-path=${log}`,
    '--audit-log-mode=blocking',
  ];
  const server = new RealApiserver(folder, { etcd: port, etcdPeer: port + 1, apiserver: port + 4000 }, flags);
  try {
    await server.start();
    for (const call of admin) await server.call({ ...call, token: tokens.admin });
    for (const call of others) await server.call(call);
    await server.stopApiserver();
  } finally {
    await server.stop();
  }
  return log;
}

async function story(folder: string): Promise<void> {
  const everything = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: RequestResponse }]\n';
  const whole = await logUnder(path.join(folder, 'whole'), everything, 12_881);
  const made = JSON.parse(auditveil(folder, 'init', 'policy', '--sample', whole, '-o', 'json')) as {
    readonly policy: string;
    readonly rules: { readonly blind: readonly string[] };
    readonly estimate: { readonly loggedBytes: number };
  };
  check(made.rules.blind.length <= 1, `nothing is blind but what needs the bodies of secrets: ${made.rules.blind.join(', ')}`);
  const own = await logUnder(path.join(folder, 'own'), made.policy, 12_891);
  check(true, 'kube-apiserver takes the policy');
  const [expected, found] = [rulesOf(folder, whole), rulesOf(folder, own)];
  const lost = expected.filter((name) => !found.includes(name));
  check(expected.length >= 10, `the attack is found by ${expected.length} rules where everything is logged`);
  check(lost.length === 0, `the same rules find it under the policy ${JSON.stringify(lost)}`);
  const text = readFileSync(own, 'utf8');
  check(readFileSync(whole, 'utf8').includes(planted) && !text.includes(planted), 'the body of a secret is not in the log');
  check(
    !text.includes('"stage":"RequestReceived"') && text.includes('"level":"Request"'),
    'stages are left out, bodies that rules read are there',
  );
  const [size, estimated, all] = [statSync(own).size, made.estimate.loggedBytes, statSync(whole).size];
  say(`     everything ${all} bytes, the policy ${size}, estimated ${estimated}`);
  check(size < all / 2, 'less than half of what everything takes');
  check(estimated > size / 2 && estimated < size * 2, 'the estimate is within a factor of two');
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-policy-'));
await tell(
  () => story(folder),
  () => {
    rmSync(folder, { recursive: true, force: true });
  },
);
