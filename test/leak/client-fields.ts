import type { Planter } from '../../src/demo/plant.ts';

/** Whose requests they are: an address, and so in no output but where the user of the program types it. */
export const person = 'ines.costa@corp-example.com';

type Json = Readonly<Record<string, unknown>>;

/** Makes events a minute apart, each with an audit ID of its own. */
class Events {
  readonly lines: string[] = [];
  #count = 0;

  line(more: Json): string {
    const number = String(++this.#count).padStart(12, '0');
    const time = new Date(Date.parse('2026-03-02T09:00:00Z') + this.#count * 60_000).toISOString();
    return JSON.stringify({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: `6f1c9a52-3f5e-4c1b-9d6a-${number}`,
      stage: 'ResponseComplete',
      requestURI: '/api/v1/namespaces/shop/pods',
      verb: 'create',
      user: { username: person, groups: ['devs', 'system:authenticated'] },
      sourceIPs: ['203.0.113.7'],
      userAgent: 'kubectl/v1.29.0 (linux/amd64) kubernetes/abc',
      objectRef: { resource: 'pods', namespace: 'shop', name: 'web', apiVersion: 'v1' },
      responseStatus: { metadata: {}, code: 200 },
      requestReceivedTimestamp: time,
      stageTimestamp: time,
      annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': `allowed to User "${person}"` },
      ...more,
    });
  }

  add(more: Json): void {
    this.lines.push(this.line(more));
  }

  /** A request on something in the namespace shop. */
  on(resource: string, more: Json, reference: Json = {}): void {
    const apiGroup = /role/.test(resource) ? 'rbac.authorization.k8s.io' : resource === 'pods' ? '' : 'apps';
    this.add({ objectRef: { resource, apiGroup, namespace: 'shop', name: 'web', apiVersion: 'v1', ...reference }, ...more });
  }
}

const mail = (plant: Planter, where: string): string =>
  plant.email(where, `${where.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@corp-example.com`);
const token = (plant: Planter, where: string): string => plant.jwt(where, 'system:serviceaccount:shop:x');

function callers(events: Events, plant: Planter): void {
  events.add({
    user: {
      username: plant.email('user name', person),
      uid: token(plant, 'uid'),
      groups: [mail(plant, 'group'), token(plant, 'token as a group'), 'devs', 'system:masters'],
      extra: { 'x/token': [token(plant, 'extra')], [`scope-${plant.awsKey('key of extra')}`]: ['a'] },
    },
  });
  const actsAs = { username: mail(plant, 'impersonated'), groups: [token(plant, 'impersonated group')] };
  events.add({ impersonatedUser: { ...actsAs, extra: { y: [token(plant, 'impersonated extra')] } } });
  events.add({ user: { username: token(plant, 'token as a user name'), groups: ['devs'] } });
  for (const end of [token(plant, 'agent'), `Authorization: Bearer ${plant.bearer('agent')}`, mail(plant, 'agent')])
    events.add({ userAgent: `kubectl/v1.29.0 ${end}` });
  events.add({ sourceIPs: [mail(plant, 'address'), plant.awsKey('address')] });
  events.add({ auditID: token(plant, 'audit ID') });
  events.add({ auditID: mail(plant, 'audit ID') });
}

function requests(events: Events, plant: Planter): void {
  const script = `export PASSWORD=${plant.bearer('variable of a script')}; curl -u bob:${plant.bearer('basic')} https://h`;
  const commands = [
    `command=mysql&command=--password%3D${plant.bearer('flag with a value')}&command=-p${plant.bearer('short flag')}`,
    `command=sh&command=-c&command=${encodeURIComponent(script)}`,
    `command=mysql&command=--password&command=${plant.bearer('flag and value')}&command=x`,
    `command=echo&command=${encodeURIComponent(encodeURIComponent(token(plant, 'encoded twice')))}`,
    `command=echo&command=${token(plant, 'letters encoded').replaceAll('e', '%65')}&container=${plant.awsKey('container')}`,
  ];
  for (const command of commands)
    events.on(
      'pods',
      { requestURI: `/api/v1/namespaces/shop/pods/web/exec?${command}&stdin=true&tty=true` },
      { subresource: 'exec' },
    );
  for (const kind of ['pods', 'services', 'nodes']) {
    const path = `login/${token(plant, `path of a proxy, ${kind}`)}?access_token=${plant.bearer(`query of a proxy, ${kind}`)}`;
    const uri = `/api/v1/namespaces/shop/${kind}/web/proxy/${path}`;
    events.on(kind, { verb: 'get', requestURI: uri }, { subresource: 'proxy' });
  }
  const log = `container=${token(plant, 'container of a log')}&tailLines=${plant.awsKey('lines of a log')}`;
  events.on('pods', { verb: 'get', requestURI: `/api/v1/namespaces/shop/pods/web/log?${log}` }, { subresource: 'log' });
  const path = `${token(plant, 'path')}/${encodeURIComponent(mail(plant, 'path'))}?token=${plant.bearer('query')}`;
  events.add({ verb: 'get', requestURI: `/metrics/${path}`, objectRef: undefined });
  const wanted = { verb: plant.awsKey('verb asked about'), resource: token(plant, 'resource asked about') };
  events.on('selfsubjectaccessreviews', { requestObject: { spec: { resourceAttributes: wanted } } });
  const release = plant.awsKey('release');
  events.on('secrets', { userAgent: 'Helm/3.12' }, { name: `sh.helm.release.v1.${release}.v1` });
}

/** Names, labels, annotations, selectors and field managers of objects of many kinds. */
function objects(events: Events, plant: Planter): void {
  const kinds = ['pods', 'secrets', 'configmaps', 'deployments', 'nodes', 'namespaces', 'serviceaccounts', 'ingresses'];
  for (const kind of kinds)
    for (const verb of ['create', 'get', 'list', 'update', 'patch', 'delete']) {
      const where = (what: string): string => `${what}, ${verb} ${kind}`;
      const name = mail(plant, where('object name'));
      const selector = encodeURIComponent(`token=${plant.bearer(where('label selector'))}`);
      const query = `fieldManager=${plant.awsKey(where('field manager'))}&labelSelector=${selector}`;
      const annotations = {
        'argocd.argoproj.io/tracking-id': `${plant.awsKey(where('tracking ID'))}:x`,
        token: token(plant, where('annotation')),
      };
      const metadata = { name, labels: { token: plant.awsKey(where('label')) }, annotations };
      const place = kind === 'namespaces' ? { name, namespace: name } : { name };
      const requestURI = `/api/v1/namespaces/shop/${kind}/${name}?${query}`;
      events.on(kind, { verb, requestURI, requestObject: { kind: 'X', metadata } }, place);
    }
  for (const member of ['resource', 'subresource', 'apiGroup', 'apiVersion', 'namespace', 'name', 'uid', 'resourceVersion'])
    events.on('pods', {}, { [member]: plant.awsKey(`reference: ${member}`) });
  const message = `pods is forbidden: User "${mail(plant, 'refusal')}" cannot list ${token(plant, 'message')}`;
  const refused = { metadata: {}, status: 'Failure', reason: plant.awsKey('reason'), message, code: 403 };
  events.add({ responseStatus: refused, annotations: {} });
  events.add({ verb: token(plant, 'verb') });
  events.add({ stage: plant.awsKey('stage') });
  events.add({ level: plant.awsKey('level') });
}

const pod = (container: Json, metadata: Json = {}): Json => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec: { containers: [{ name: 'c', image: 'nginx', ...container }] },
});

function bodies(events: Events, plant: Planter): void {
  const env = (where: string) => [{ name: 'DB_PASSWORD', value: plant.password(where) }];
  const args = ['--token', plant.bearer('argument')];
  const command = ['sh', '-c', `PGPASSWORD=${plant.bearer('command')} psql`];
  events.add({ requestObject: pod({ env: env('variable'), args, command }), responseObject: pod({ env: env('answer') }) });
  for (const image of [`https://u:${plant.bearer('image')}@reg.example.com/x`, `reg/${plant.awsKey('repository')}/ubuntu:latest`])
    events.on('deployments', { requestObject: { kind: 'Deployment', spec: { template: pod({ image }) } } });
  const rule = { verbs: ['get', plant.awsKey('verb of a role')], apiGroups: [''], resources: ['secrets', '*'] };
  const resourceNames = [token(plant, 'resource name'), mail(plant, 'resource name')];
  const urls = [`/x?token=${plant.bearer('URL of a role')}`, `/y/${token(plant, 'URL of a role')}`];
  for (const kind of ['roles', 'clusterroles'])
    events.on(
      kind,
      {
        requestObject: {
          rules: [
            { ...rule, resourceNames },
            { verbs: ['*'], nonResourceURLs: urls },
          ],
        },
      },
      { name: mail(plant, kind) },
    );
  for (const kind of ['rolebindings', 'clusterrolebindings']) {
    const others = [
      { kind: 'User', name: mail(plant, `subject, ${kind}`) },
      { kind: 'Group', name: plant.awsKey(`group, ${kind}`) },
    ];
    const subjects = [{ kind: 'User', name: person }, { kind: 'Group', name: 'devs' }, ...others];
    const roleRef = { kind: 'ClusterRole', name: plant.awsKey(`role, ${kind}`) };
    events.on(kind, { requestObject: { roleRef, subjects } }, { name: mail(plant, kind) });
  }
  const secret = {
    data: { a: plant.secretData('Secret', 'blue velvet curtain') },
    stringData: { b: plant.password('stringData') },
  };
  events.on('secrets', { requestObject: { kind: 'Secret', ...secret } });
  events.on('serviceaccounts', { responseObject: { status: { token: token(plant, 'TokenRequest') } } }, { subresource: 'token' });
  const request = Buffer.from(plant.pem('certificate request')).toString('base64');
  events.on('certificatesigningrequests', { requestObject: { spec: { username: mail(plant, 'certificate'), request } } });
}

/** A person changes a deployment, and controllers make a privileged pod of it: findings about the pod name the person. */
function origins(events: Events, plant: Planter): void {
  const agent = `kubectl/v1.29.0 ${token(plant, 'agent of an origin')}`;
  events.on('deployments', { userAgent: agent, requestObject: { kind: 'Deployment', spec: {} } });
  const user = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:authenticated'] };
  const made = (resource: string, kind: string, name: string, owner: string): void => {
    const ownerReferences = [{ apiVersion: 'apps/v1', kind, name: owner, controller: true }];
    const body = pod({ securityContext: { privileged: true } }, { name, ownerReferences });
    events.on(resource, { user, userAgent: 'kube-controller-manager/v1.29.0', requestObject: body }, { name });
  };
  made('replicasets', 'Deployment', 'web-1', 'web');
  made('pods', 'ReplicaSet', 'web-1-a', 'web-1');
}

/** Members that are not what the API server writes, and lines that are no events. */
function malformed(events: Events, plant: Planter): void {
  const odd = { user: [null, [person]], requestURI: [7, { a: 'x' }], objectRef: [null, 'x', ['x']], verb: [['get']] };
  for (const [member, values] of Object.entries(odd)) for (const value of values) events.add({ [member]: value });
  for (const member of ['objectRef', 'requestURI', 'annotations', 'userAgent', 'impersonatedUser', 'sourceIPs', 'auditID'])
    events.add({ [member]: [token(plant, `list as ${member}`)] });
  for (const member of ['responseStatus', 'user', 'annotations', 'stageTimestamp', 'requestReceivedTimestamp', 'requestObject'])
    events.add({ [member]: token(plant, `text as ${member}`) });
  for (const containers of [{ a: plant.awsKey('containers as an object') }, [null, plant.awsKey('containers as texts')]])
    events.add({ requestObject: { kind: 'Pod', spec: { containers } } });
  events.on('roles', { requestObject: { rules: { a: token(plant, 'rules as an object') } } });
  events.on('rolebindings', {
    requestObject: { roleRef: token(plant, 'role as a text'), subjects: token(plant, 'subjects as a text') },
  });
  events.lines.push(
    events.line({ requestObject: { password: plant.bearer('torn') } }).slice(0, -30),
    events.line({ requestObject: { password: plant.bearer('bad number'), n: 1 } }).replace('"n":1', '"n":+1'),
    `password=${plant.bearer('no JSON')} ${token(plant, 'no JSON')}`,
    `node-${plant.awsKey('text in front')} ${events.line({})}`,
    ...['null', '7', '"x"', '[]', '{}'],
  );
}

/** Lines of a log with something planted in every field that a client controls. */
export function plantFields(plant: Planter): readonly string[] {
  const events = new Events();
  for (const part of [callers, requests, objects, bodies, origins, malformed]) part(events, plant);
  return events.lines;
}
