import { type Manifest, manifests, podSpecOf } from '../support/manifests.ts';
import { type Answer, type RealApiserver, tokens } from './real-apiserver.ts';

/** Resource and group by kind: what the manifests hold and no more. */
const resources: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Pod: 'pods',
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  NetworkPolicy: 'networkpolicies',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
};

function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const place = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${place}/${resources[kind] ?? `unknown-kind-${kind}`}`;
}

async function create(server: RealApiserver, manifest: Manifest, dryRun: boolean): Promise<Answer> {
  const { file: _, ...body } = manifest;
  const query = `fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  return server.call({ method: 'POST', path: `${pathOf(manifest)}?${query}`, token: tokens.admin, body });
}

/**
 * Creates everything in deploy/kubernetes on a real kube-apiserver: namespaces and accounts for real, the rest as a dry run, with
 * unknown fields refused. Pods of Deployments and DaemonSets are tried too: Pod Security admits or refuses pods.
 * @returns what was refused and should not have been
 */
export async function dryRunManifests(server: RealApiserver): Promise<readonly string[]> {
  const refused: string[] = [];
  const account: Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'kube-system' },
    file: '',
  };
  const all = manifests();
  for (const manifest of [
    ...all.filter(({ kind }) => kind === 'Namespace'),
    account,
    ...all.filter(({ kind }) => kind !== 'Namespace'),
  ]) {
    const isReal = manifest.kind === 'Namespace' || manifest.kind === 'ServiceAccount';
    const { status, body } = await create(server, manifest, !isReal);
    if (status !== 201 && status !== 409) refused.push(`${manifest.kind} of ${manifest.file}: ${status} ${body.slice(0, 300)}`);
    const spec = podSpecOf(manifest);
    if (spec === undefined || manifest.kind === 'Pod') continue;
    const pod = await create(server, podOf(manifest, spec), true);
    if (pod.status !== 201) refused.push(`pod of ${manifest.file}: ${pod.status} ${pod.body.slice(0, 300)}`);
  }
  const [restricted] = all.filter(({ kind }) => kind === 'Deployment');
  const spec = restricted && podSpecOf(restricted);
  if (restricted && spec) {
    const answer = await create(server, podOf(restricted, { ...spec, hostNetwork: true }), true);
    if (answer.status !== 403) refused.push(`a pod on the node's network in ${restricted.metadata.namespace}: ${answer.status}`);
  }
  return refused;
}

function podOf({ metadata, file }: Manifest, spec: object): Manifest {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'tried' }, spec, file };
}
