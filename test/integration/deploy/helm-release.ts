import { check } from '../check.ts';
import { type RealApiserver, tokens } from '../real-apiserver.ts';
import { type HelmAnswer, type HelmCluster, release } from './helm.ts';

interface Stored {
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata?: { readonly generation?: number };
}

/** Installs the chart for real, changes a value and removes it again, as its user does; no kubelet runs its pods. */
export async function helmRelease(server: RealApiserver, cluster: HelmCluster, namespace: string): Promise<void> {
  const get = async (path: string): Promise<Stored & { readonly status: number }> => {
    const { status, body } = await server.call({ path, token: tokens.admin });
    return { ...(JSON.parse(body) as Stored), status };
  };
  const config = `/api/v1/namespaces/${namespace}/configmaps/auditveil`;
  const receiver = `/apis/apps/v1/namespaces/${namespace}/statefulsets/auditveil`;
  const addressed = 'webhook.clusterIP="10.96.0.50"';

  const installed = release(cluster, 'install', namespace);
  check(installed.ok, `helm install${problem(installed)}`);
  for (const words of [
    'Secret auditveil-tls with server.crt',
    'get service auditveil',
    'networkPolicy.senders is still',
    'doctor --config',
  ])
    check(installed.text.includes(words), `its notes say "${words}"`);
  const before = await get(receiver);
  check(before.status === 200, 'the receiver is there');

  const policy = 'config.masking.policy="strict"';
  const upgraded = release(cluster, 'upgrade', namespace, [policy]);
  check(upgraded.ok, `helm upgrade with ${policy}${problem(upgraded)}`);
  check((await get(config)).data?.['config.yaml']?.includes('policy: strict') ?? false, 'the configuration is the new one');
  const after = await get(receiver);
  check(
    after.metadata?.generation === before.metadata?.generation,
    'no pod is restarted for it: the agent takes it up by itself',
  );

  const removed = release(cluster, 'uninstall', namespace);
  check(removed.ok && (await get(receiver)).status === 404, `helm uninstall${problem(removed)}`);
  const again = release(cluster, 'install', namespace, [addressed, 'networkPolicy.senders=["198.51.100.1/32"]']);
  check(again.ok && !again.text.includes('WARNING'), `helm install with addresses has nothing to warn of${problem(again)}`);
  check(!again.text.includes('get service auditveil'), 'and does not ask for an address that was given');
  release(cluster, 'uninstall', namespace);
}

const problem = ({ ok, text }: HelmAnswer): string => (ok ? '' : `: ${text}`);
