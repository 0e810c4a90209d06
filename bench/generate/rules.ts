import { createRandom, type SeededRandom } from '../../src/demo/random.ts';

/** Selections and a condition, as the inside of a `detection` section in JSON, which is YAML. */
type Detection = Readonly<Record<string, unknown>>;
type Shape = (random: SeededRandom) => Detection;

const resources = [
  ...['pods', 'secrets', 'configmaps', 'serviceaccounts', 'deployments', 'daemonsets', 'statefulsets', 'jobs', 'cronjobs'],
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings', 'services', 'ingresses', 'nodes', 'namespaces', 'leases'],
  ...[
    'networkpolicies',
    'events',
    'endpoints',
    'persistentvolumeclaims',
    'customresourcedefinitions',
    'validatingwebhookconfigurations',
  ],
];
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const writes = ['create', 'update', 'patch'];
const namespaces = ['kube-system', 'kube-public', 'default', 'monitoring', 'gitops', 'ingress', 'vault', 'istio-system'];
const tools = ['python-requests', 'trivy', 'kube-hunter', 'peirates', 'masscan', 'botb', 'kubesploit', 'hydra', 'nmap'];
const shells = ['/bin/sh', '/bin/bash', 'nsenter', 'curl ', 'wget ', 'nc -e', '/dev/tcp/', 'base64 -d', 'chroot '];
const bodyFields = [
  ...['hostPID', 'hostNetwork', 'hostIPC', 'serviceAccountName', 'automountServiceAccountToken', 'runtimeClassName', 'nodeName'],
  ...[
    'containers.image',
    'containers.command',
    'containers.args',
    'containers.securityContext.privileged',
    'initContainers.image',
  ],
  ...['containers.securityContext.runAsUser', 'containers.securityContext.capabilities.add', 'volumes.hostPath.path'],
  ...['containers.env.name', 'containers.ports.hostPort', 'containers.volumeMounts.mountPath', 'tolerations.operator'],
].map((name) => `requestObject.spec.${name}`);
const objectFields = [
  ...['requestObject.roleRef.name', 'requestObject.subjects.name', 'requestObject.rules.verbs', 'requestObject.rules.resources'],
  ...['requestObject.metadata.annotations.example.com/owner', 'requestObject.metadata.labels.app', 'requestObject.type'],
  ...['responseObject.metadata.labels.tier', 'requestObject.webhooks.clientConfig.url', 'requestObject.spec.type'],
];

const word = (random: SeededRandom): string => random.chars(random.between(4, 9), 'abcdefghijklmnopqrstuvwxyz');
const some = <T>(random: SeededRandom, list: readonly T[], most: number): readonly T[] =>
  Array.from({ length: random.between(1, most) }, () => random.pick(list));
const request = (random: SeededRandom, allowed = verbs): Detection => ({
  verb: some(random, allowed, 3),
  'objectRef.resource': some(random, resources, 2),
});
const finished = { stage: ['RequestReceived', 'ResponseStarted'] };

/** Shapes of published rules, each about as often as there: most ask for a verb and a resource, a quarter for a body; few match. */
const shapes: readonly Shape[] = [
  (random) => ({
    selection: { ...request(random), 'objectRef.namespace': some(random, namespaces, 3) },
    filter_stage: finished,
    condition: 'selection and not filter_stage',
  }),
  (random) => ({
    selection: request(random, ['create', 'delete', 'deletecollection']),
    filter_system: { 'user.username|startswith': ['system:node:', `system:serviceaccount:${random.pick(namespaces)}:`] },
    filter_stage: finished,
    condition: 'selection and not 1 of filter_*',
  }),
  (random) => ({
    selection: { ...request(random), 'responseStatus.code': [401, 403] },
    filter_stage: finished,
    condition: 'selection and not filter_stage',
  }),
  (random) => ({
    selection: { ...request(random, writes), [`${random.pick(bodyFields)}|contains`]: [word(random), word(random)] },
    filter_stage: finished,
    condition: 'selection and not filter_stage',
  }),
  (random) => ({
    selection: { ...request(random, writes), [`${random.pick(objectFields)}|startswith`]: word(random) },
    filter_names: { 'objectRef.name|endswith': `-${word(random)}` },
    condition: 'selection and not filter_names',
  }),
  (random) => ({
    selection: { 'userAgent|contains': [...some(random, tools, 2), word(random)] },
    filter_user: { 'user.username|endswith': `:${word(random)}` },
    condition: 'selection and not filter_user',
  }),
  (random) => ({
    selection_exec: { verb: ['create', 'get'], 'objectRef.resource': 'pods', 'objectRef.subresource': ['exec', 'attach'] },
    selection_command: { 'requestURI|contains': [...some(random, shells, 4), word(random)] },
    condition: 'all of selection_*',
  }),
  (random) => ({
    selection: { 'user.username|re': `^system:serviceaccount:${word(random)}-[a-z0-9]+:`, verb: some(random, verbs, 2) },
    condition: 'selection',
  }),
  (random) => ({
    selection: { 'user.groups': [`${word(random)}-admins`, 'system:masters'], ...request(random) },
    filter_address: { 'sourceIPs|cidr': ['192.0.2.0/24', '198.51.100.0/24'] },
    condition: 'selection and not filter_address',
  }),
  (random) => ({
    selection: { ...request(random), 'objectRef.name|contains': word(random) },
    other: { ...request(random), 'annotations.authorization.k8s.io/reason|contains': word(random) },
    condition: 'selection or other',
  }),
];

/** Words that stand in some of the events, beside made-up ones: a tenth of the searches find something to look at. */
const frequentWords = ['kube-proxy', 'apply', 'web-frontend', 'registry', 'forbidden', 'coredns'];

/** Rules that search whole events for words. The same number gives the same rules. */
export function writeKeywordRules(count: number): string {
  const random = createRandom(count);
  return Array.from({ length: count }, (_, i) => {
    const words = [word(random), `${random.pick(tools)}-${word(random)}`, `/${word(random)}/${word(random)}.sh`];
    if (i % 10 === 0) words.push(random.pick(frequentWords));
    const rule = { title: `Generated ${i}`, id: random.uuid(), level: 'low' };
    const detection = {
      keywords: words,
      other: { verb: some(random, verbs, 3) },
      condition: i % 2 ? 'keywords' : 'keywords and other',
    };
    return JSON.stringify({ ...rule, logsource: { product: 'kubernetes', service: 'audit' }, detection });
  }).join('\n---\n');
}

/** Rules of these shapes as one file of documents; every twentieth is counted by a correlation. The same number gives the same rules. */
export function writeRules(count: number): string {
  const random = createRandom(count);
  const documents: string[] = [];
  for (let i = 0; i < count; i++) {
    const id = random.uuid();
    const shape = shapes[i % shapes.length] as Shape;
    const rule = { title: `Generated ${i}`, id, level: 'low', logsource: { product: 'kubernetes', service: 'audit' } };
    documents.push(JSON.stringify({ ...rule, detection: shape(random) }));
    if (i % 20 !== 19) continue;
    const correlation = {
      type: 'event_count',
      rules: [id],
      'group-by': ['user.username'],
      timespan: '5m',
      condition: { gte: 10 },
    };
    documents.push(JSON.stringify({ title: `Generated burst ${i}`, id: random.uuid(), level: 'medium', correlation }));
  }
  return documents.join('\n---\n');
}
