import { memberAt } from '../core/json-members.ts';
import { type RequestView, textAt } from './request-view.ts';

/** Words of a command after `kubectl`, empty ones are left out. */
type Words = readonly string[];

const hasNoNamespace = new Set([
  ...['nodes', 'namespaces', 'persistentvolumes', 'clusterroles', 'clusterrolebindings', 'storageclasses', 'csinodes'],
  ...['certificatesigningrequests', 'customresourcedefinitions', 'apiservices', 'ingressclasses', 'priorityclasses'],
  ...['mutatingwebhookconfigurations', 'validatingwebhookconfigurations', 'validatingadmissionpolicies'],
  'validatingadmissionpolicybindings',
]);

/** The kind as kubectl takes it: groups that Kubernetes does not own are named. */
const kindOf = ({ resource, group }: RequestView): string =>
  group.includes('.') && !group.endsWith('.k8s.io') ? `${resource}.${group}` : resource;

/** A namespace as an object is in the namespace of its own name. */
const inNamespace = ({ namespace, resource }: RequestView): Words =>
  namespace === '' || hasNoNamespace.has(resource) ? [] : ['-n', namespace];
const object = (view: RequestView): Words => [kindOf(view), view.name, ...inNamespace(view)];

function session(command: string, view: RequestView): Words {
  const { query, name } = view;
  const flags = `${query.get('stdin') === 'true' ? 'i' : ''}${query.get('tty') === 'true' ? 't' : ''}`;
  const container = query.get('container');
  const words = query.getAll('command');
  return [
    command,
    ...(flags === '' ? [] : [`-${flags}`]),
    name,
    ...inNamespace(view),
    ...(container === null ? [] : ['-c', container]),
    ...(words.length === 0 ? [] : ['--', ...words]),
  ];
}

/** Copies run tar in the container: out of it to the output, into it from the input. */
function exec(view: RequestView): Words {
  const [tool = '', flags = ''] = view.query.getAll('command');
  if (tool !== 'tar') return session('exec', view);
  if (/^-?c/.test(flags)) return ['cp', `${view.name}:…`, '…', ...inNamespace(view)];
  return /^-?x/.test(flags) ? ['cp', '…', `${view.name}:…`, ...inNamespace(view)] : session('exec', view);
}

function logs(view: RequestView): Words {
  const { query, name } = view;
  const container = query.get('container');
  const tail = query.get('tailLines');
  return [
    'logs',
    ...(query.get('follow') === 'true' ? ['-f'] : []),
    ...(query.get('previous') === 'true' ? ['--previous'] : []),
    ...(tail === null ? [] : [`--tail=${tail}`]),
    name,
    ...inNamespace(view),
    ...(container === null ? [] : ['-c', container]),
  ];
}

function approval(view: RequestView): Words {
  const conditions = memberAt(view.body, 'status', 'conditions');
  const types = Array.isArray(conditions) ? conditions.map((condition) => textAt(condition, 'type')) : [];
  const word = types.includes('Denied') ? 'deny' : types.includes('Approved') ? 'approve' : 'approve or deny';
  return ['certificate', word, view.name];
}

/** Looked up by words of an event, which may be any: maps, as an object also has what it inherits (`constructor`). */
const tableOf = <T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(entries));

const subresources = tableOf<(view: RequestView) => Words>({
  'pods/exec': exec,
  'pods/attach': (view) => session('attach', view),
  'pods/portforward': (view) => ['port-forward', view.name, ...inNamespace(view)],
  'pods/log': logs,
  'pods/ephemeralcontainers': (view) => ['debug', view.name, ...inNamespace(view)],
  'pods/eviction': (view) => ['drain', `(evicts ${view.name})`, ...inNamespace(view)],
  'pods/proxy': (view) => ['get', '--raw', view.path],
  'services/proxy': (view) => ['get', '--raw', view.path],
  'nodes/proxy': (view) => ['get', '--raw', view.path],
  'serviceaccounts/token': (view) => ['create', 'token', view.name, ...inNamespace(view)],
  'certificatesigningrequests/approval': approval,
});

/** Questions to the API server about rights and identity. */
const reviews = tableOf<(view: RequestView) => Words>({
  selfsubjectaccessreviews: ({ body }) => {
    const wanted = memberAt(body, 'spec', 'resourceAttributes');
    return ['auth', 'can-i', textAt(wanted, 'verb'), textAt(wanted, 'resource')];
  },
  selfsubjectrulesreviews: (view) => ['auth', 'can-i', '--list', ...inNamespace(view)],
  selfsubjectreviews: () => ['auth', 'whoami'],
});

function read(view: RequestView): Words {
  const { verb, name, namespace, query, resource, group } = view;
  const fields = query.get('fieldSelector') ?? '';
  if (resource === 'events' && fields.includes('involvedObject.name=')) return ['describe', '(events)', ...inNamespace(view)];
  if (group === 'metrics.k8s.io') return ['top', ...object(view)];
  if (verb === 'watch' && fields.startsWith('metadata.name=')) return ['wait or rollout status', resource, ...inNamespace(view)];
  const labels = query.get('labelSelector');
  const everywhere = name === '' && namespace === '' && !hasNoNamespace.has(resource);
  return [
    'get',
    ...object(view),
    ...(everywhere ? ['-A'] : []),
    ...(labels === null ? [] : ['-l', labels]),
    ...(verb === 'watch' ? ['-w'] : []),
  ];
}

/** Commands that name themselves as the owner of the fields they set. */
const managers = tableOf({
  'kubectl-client-side-apply': 'apply',
  'kubectl-last-applied': 'apply set-last-applied',
  'kubectl-create': 'create',
  'kubectl-replace': 'replace',
  'kubectl-edit': 'edit',
  'kubectl-patch': 'patch',
  'kubectl-label': 'label',
  'kubectl-annotate': 'annotate',
  'kubectl-rollout': 'rollout',
  'kubectl-set': 'set',
  'kubectl-taint': 'taint',
  'kubectl-run': 'run',
  'kubectl-expose': 'expose',
  'kubectl-autoscale': 'autoscale',
  kubectl: 'apply --server-side',
});

const generic = tableOf({ create: 'create', update: 'replace or edit', patch: 'patch' });

function cordon({ resource, body }: RequestView): string | undefined {
  const unschedulable = resource === 'nodes' ? memberAt(body, 'spec', 'unschedulable') : undefined;
  return unschedulable === true ? 'cordon' : unschedulable === false || unschedulable === null ? 'uncordon' : undefined;
}

function rollout({ body }: RequestView): string {
  const restarted = textAt(body, 'spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt');
  if (restarted !== '') return 'rollout restart';
  const paused = memberAt(body, 'spec', 'paused');
  return paused === true ? 'rollout pause' : paused === false || paused === null ? 'rollout resume' : 'rollout';
}

function write(view: RequestView): Words {
  const { verb, query, subresource, resource, name } = view;
  if (subresource === 'scale') return ['scale', ...object(view)];
  const cordoned = cordon(view);
  if (cordoned !== undefined) return [cordoned, name];
  if (resource === 'pods' && verb === 'create' && name.startsWith('node-debugger-')) return ['debug', `node/… (${name})`];
  const manager = query.get('fieldManager') ?? '';
  const command = manager === 'kubectl-rollout' ? rollout(view) : (managers.get(manager) ?? generic.get(verb) ?? verb);
  return [command, kindOf(view) + (subresource === '' ? '' : `/${subresource}`), name, ...inNamespace(view)];
}

function paths({ path, verb }: RequestView): Words {
  if (/^\/(api|apis|openapi|swagger)/.test(path)) return ['(asks what the server knows)'];
  return path === '/version' ? ['version'] : [verb === 'get' ? 'get' : verb, '--raw', path];
}

/** The command that gives such a request, without the name of the tool. */
export function kubectlWords(view: RequestView): string {
  const { query, actsAs } = view;
  const words = [
    ...commandOf(view),
    ...(query.get('dryRun') === 'All' ? ['--dry-run=server'] : []),
    ...(actsAs === '' ? [] : [`--as=${actsAs}`]),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function commandOf(view: RequestView): Words {
  const { verb, resource, subresource } = view;
  if (resource === '') return paths(view);
  const special = subresources.get(`${resource}/${subresource}`) ?? reviews.get(resource);
  if (special) return special(view);
  if (verb === 'get' || verb === 'list' || verb === 'watch') return read(view);
  if (verb === 'delete') return ['delete', ...object(view)];
  return verb === 'deletecollection' ? ['delete', kindOf(view), '--all', ...inNamespace(view)] : write(view);
}
