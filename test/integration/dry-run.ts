import { type Manifest, manifests, type PodSpec, podSpecOf } from '../support/manifests.ts';
import { type Answer, type RealApiserver, tokens } from './real-apiserver.ts';

/** Resource and group by kind: what the manifests hold and no more. */
const resources: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  Pod: 'pods',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  NetworkPolicy: 'networkpolicies',
  PodDisruptionBudget: 'poddisruptionbudgets',
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
 * Creates everything in deploy/kubernetes, or what is given, on a real kube-apiserver: namespaces and accounts for real, the rest as
 * a dry run, with unknown fields refused. Pods of StatefulSets and DaemonSets are tried too: Pod Security admits or refuses pods.
 * @returns what was refused and should not have been
 */
export async function dryRunManifests(server: RealApiserver, all: readonly Manifest[] = manifests()): Promise<readonly string[]> {
  const refused: string[] = [];
  const account: Manifest = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'kube-system' },
    file: '',
  };
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
  const [restricted] = all.filter(({ kind }) => kind === 'StatefulSet');
  const spec = restricted && podSpecOf(restricted);
  if (restricted && spec) {
    const answer = await create(server, podOf(restricted, { ...spec, hostNetwork: true }), true);
    if (answer.status !== 403) refused.push(`a pod on the node's network in ${restricted.metadata.namespace}: ${answer.status}`);
  }
  return refused;
}

/** A pod as the controller would make it: a StatefulSet adds the volumes it claimed. */
function podOf({ metadata, file, spec }: Manifest, pod: PodSpec): Manifest {
  const { volumeClaimTemplates = [] } = spec as { readonly volumeClaimTemplates?: readonly Pick<Manifest, 'metadata'>[] };
  const claimed = volumeClaimTemplates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-tried` },
  }));
  const volumes = [...pod.volumes, ...claimed];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'tried' }, spec: { ...pod, volumes }, file };
}
