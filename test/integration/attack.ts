import { type Answer, type Call, type RealApiserver, tokens } from './real-apiserver.ts';

/** Invented values that the attack sends where secrets are; nothing of the agent may hold them. */
export const planted = [
  'Pl4nted-database-word',
  'pl4nted-env-value-77',
  'Pl4nted-annotation-3x',
  tokens.admin,
  tokens.intern,
] as const;

/** Rows of the list of detections that the attack must give rise to. */
export const expectedRules = ['IA03', 'IA05', 'DI04', 'CA01', 'PE01', 'PE08', 'DE03', 'PE19'] as const;

interface Step extends Call {
  readonly what: string;
  /** Statuses that show that the step was made. */
  readonly answers: readonly number[];
  readonly times?: number;
}

const core = '/api/v1/namespaces/default';
const pod = (name: string, extra: object): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, annotations: { note: `password: ${planted[2]}` } },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'registry.example.com/app:1.4',
        env: [{ name: 'DB_PASSWORD', value: planted[1] }],
        ...extra,
      },
    ],
  },
});

const steps: readonly Step[] = [
  { what: 'anonymous list of secrets', path: '/api/v1/secrets', answers: [401, 403] },
  { what: 'burst of wrong tokens', path: '/api/v1/pods', token: 'not-a-token-of-anyone', answers: [401], times: 30 },
  { what: 'burst of refused calls', path: '/api/v1/secrets', token: tokens.intern, answers: [403], times: 30 },
  {
    what: 'secret made',
    method: 'POST',
    path: `${core}/secrets`,
    token: tokens.admin,
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { password: planted[0] } },
    answers: [201],
  },
  { what: 'all secrets listed', path: '/api/v1/secrets', token: tokens.admin, answers: [200] },
  {
    what: 'service account made',
    method: 'POST',
    path: `${core}/serviceaccounts`,
    token: tokens.admin,
    body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } },
    answers: [201, 409],
  },
  {
    what: 'privileged pod',
    method: 'POST',
    path: `${core}/pods`,
    token: tokens.admin,
    body: pod('privileged', { securityContext: { privileged: true } }),
    answers: [201],
  },
  {
    what: 'exec',
    method: 'POST',
    path: `${core}/pods/privileged/exec?command=id&stdin=true`,
    token: tokens.admin,
    answers: [400, 404, 500],
  },
  {
    what: 'cluster-admin for the intern',
    method: 'POST',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    token: tokens.admin,
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'helper' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'intern' }],
    },
    answers: [201],
  },
  {
    what: 'token of a service account',
    method: 'POST',
    path: `${core}/serviceaccounts/default/token`,
    token: tokens.admin,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [], expirationSeconds: 3600 } },
    answers: [201],
  },
  {
    what: 'impersonation',
    path: '/api/v1/nodes',
    token: tokens.admin,
    headers: { 'impersonate-user': 'system:admin' },
    answers: [200, 403],
  },
];

/** Makes the attack. `refused`: steps whose answer was another than it should be, with the status. */
export async function attack(server: RealApiserver): Promise<{ readonly refused: readonly string[] }> {
  const refused: string[] = [];
  for (const step of steps) {
    let answer: Answer = { status: 0, body: '' };
    for (let i = 0; i < (step.times ?? 1); i++) answer = await server.call(step);
    if (!step.answers.includes(answer.status)) refused.push(`${step.what}: ${answer.status}`);
  }
  return { refused };
}
