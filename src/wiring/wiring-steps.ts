import { join } from 'node:path';
import type { WiringKind } from './agent-config.ts';
import type { Distro, DistroId } from './distros.ts';

export interface StepFacts {
  readonly kind: WiringKind;
  readonly distro: Distro;
  /** Folder that `init` wrote, absolute. */
  readonly out: string;
}

interface Flag {
  readonly name: string;
  readonly value: string;
}

/** Files that kube-apiserver reads, by the names `init` gave them. */
const policyFile = 'audit-policy.yaml';
const kubeconfigFile = 'audit-webhook.yaml';

/** The flags of kube-apiserver, the same for every distribution but for the paths. Defaults of the webhook's batches are kept. */
export function apiserverFlags({ kind, distro }: StepFacts): readonly Flag[] {
  const policy = { name: 'audit-policy-file', value: `${distro.directory}/${policyFile}` };
  if (kind === 'webhook')
    return [
      policy,
      { name: 'audit-webhook-config-file', value: `${distro.directory}/${kubeconfigFile}` },
      { name: 'audit-webhook-mode', value: 'batch' },
      // The default of 10 s gives up on a receiver after a minute and a half; this one waits for about four.
      { name: 'audit-webhook-initial-backoff', value: '30s' },
    ];
  return [
    policy,
    { name: 'audit-log-path', value: distro.auditLog },
    { name: 'audit-log-format', value: 'json' },
    { name: 'audit-log-maxsize', value: '100' },
    { name: 'audit-log-maxbackup', value: '10' },
  ];
}

/** What is left to do by hand, as numbered text. */
export function wiringSteps(facts: StepFacts): string {
  const { distro } = facts;
  const [copy, wire, run] = [copyStep(facts), distroSteps[distro.id](facts), runStep(facts)];
  const steps = runsFirst(facts) ? [copy, run, wire] : [copy, wire, run];
  const numbered = [...steps.flat(), lookStep(facts)].map((text, i) => `${i + 1}. ${text}`);
  return `${numbered.join('\n\n')}\n\nIf kube-apiserver does not come back: ${distro.trouble}\n`;
}

function copyStep({ kind, distro, out }: StepFacts): string[] {
  if (distro.id === 'kind') return [];
  const directory = distro.id === 'minikube' ? '~/.minikube/files/etc/ssl/certs' : distro.directory;
  const files = [policyFile, ...(kind === 'webhook' ? [kubeconfigFile] : [])].map((file) => join(out, file)).join(' ');
  const where = distro.id === 'minikube' ? 'On this machine' : 'On every control-plane node, as root';
  const log =
    kind === 'file' && distro.id !== 'minikube' ? `\n   install -d -m 0700 ${distro.auditLog.replace(/\/[^/]+$/, '')}` : '';
  return [
    `${where}, put the files where kube-apiserver reads them:\n   install -d -m 0700 ${directory}\n   install -m 0600 ${files} ${directory}/${log}`,
  ];
}

const lines = (facts: StepFacts, indent: string, format: (flag: Flag) => string): string =>
  apiserverFlags(facts)
    .map((flag) => `${indent}${format(flag)}`)
    .join('\n');

const distroSteps: Readonly<Record<DistroId, (facts: StepFacts) => string[]>> = {
  kubeadm: (facts) => [
    `In /etc/kubernetes/manifests/kube-apiserver.yaml add to spec.containers[0].command:\n${lines(facts, '     ', ({ name, value }) => `- --${name}=${value}`)}\n   to spec.containers[0].volumeMounts:\n${mounts(facts)}\n   and to spec.volumes:\n${volumes(facts)}\n   ${facts.distro.restart}\n   \`kubeadm upgrade\` writes that manifest anew: put the same under apiServer.extraArgs and apiServer.extraVolumes of the ClusterConfiguration (kubectl -n kube-system edit configmap kubeadm-config).`,
  ],
  k3s: (facts) => [
    `In /etc/rancher/k3s/config.yaml add (kube-apiserver runs inside k3s, so there is nothing to mount):\n     kube-apiserver-arg:\n${lines(facts, '       ', ({ name, value }) => `- "${name}=${value}"`)}\n   then: ${facts.distro.restart}`,
  ],
  rke2: (facts) => [
    `In /etc/rancher/rke2/config.yaml add:\n     kube-apiserver-arg:\n${lines(facts, '       ', ({ name, value }) => `- "${name}=${value}"`)}\n     kube-apiserver-extra-mount:\n       - "${facts.distro.directory}:${facts.distro.directory}:ro"${facts.kind === 'file' ? `\n       - "${logFolder(facts)}:${logFolder(facts)}:rw"` : ''}\n   then: ${facts.distro.restart}`,
  ],
  kind: (facts) => [
    `Write kind.yaml:\n${kindConfig(facts)}\n   then: ${facts.distro.restart}${facts.kind === 'webhook' ? '\n   The receiver runs on this machine and is reached over the network "kind": compare `docker network inspect kind`, and give another address with --server.' : ''}`,
  ],
  minikube: (facts) => [
    `Start the cluster with these flags (minikube copies the files into the node and mounts that folder into kube-apiserver):\n     minikube start \\\n${lines(facts, '       ', ({ name, value }) => `--extra-config=apiserver.${name}=${facts.kind === 'file' && name === 'audit-log-path' ? '-' : value} \\`).replace(/ \\$/, '')}${facts.kind === 'file' ? '\n   The log goes to the standard output of kube-apiserver, which the node keeps under /var/log/containers, where the configuration looks: run the agent in the node (minikube ssh). It takes the prefixes off.' : ''}`,
  ],
  generic: (facts) => [
    `Give kube-apiserver these flags, and let it read ${facts.distro.directory}${facts.kind === 'file' ? ` and write ${logFolder(facts)}` : ''}:\n${lines(facts, '     ', ({ name, value }) => `--${name}=${value}`)}\n   ${facts.distro.restart}`,
  ],
};

const logFolder = ({ distro }: StepFacts): string => distro.auditLog.replace(/\/[^/]+$/, '');

function mounts(facts: StepFacts): string {
  const { distro, kind } = facts;
  const log = kind === 'file' ? `\n     - name: auditveil-log\n       mountPath: ${logFolder(facts)}` : '';
  return `     - name: auditveil\n       mountPath: ${distro.directory}\n       readOnly: true${log}`;
}

function volumes(facts: StepFacts): string {
  const { distro, kind } = facts;
  const log =
    kind === 'file'
      ? `\n     - name: auditveil-log\n       hostPath: { path: ${logFolder(facts)}, type: DirectoryOrCreate }`
      : '';
  return `     - name: auditveil\n       hostPath: { path: ${distro.directory}, type: Directory }${log}`;
}

function kindConfig(facts: StepFacts): string {
  const { distro, kind, out } = facts;
  const log = kind === 'file';
  const node = log ? `\n         - hostPath: ${join(out, 'log')}\n           containerPath: ${logFolder(facts)}` : '';
  const volume = log
    ? `\n                   - name: auditveil-log\n                     hostPath: ${logFolder(facts)}\n                     mountPath: ${logFolder(facts)}\n                     pathType: DirectoryOrCreate`
    : '';
  return `     kind: Cluster
     apiVersion: kind.x-k8s.io/v1alpha4
     nodes:
       - role: control-plane
         extraMounts:
         - hostPath: ${out}
           containerPath: ${distro.directory}
           readOnly: true${node}
         kubeadmConfigPatches:
           - |
             kind: ClusterConfiguration
             apiServer:
               extraArgs:
${lines(facts, '                 ', ({ name, value }) => `${name}: "${value}"`)}
               extraVolumes:
                   - name: auditveil
                     hostPath: ${distro.directory}
                     mountPath: ${distro.directory}
                     readOnly: true
                     pathType: Directory${volume}`;
}

function runStep({ kind, out }: StepFacts): string[] {
  const config = join(out, 'config.yaml');
  const before = kind === 'webhook' ? ' before kube-apiserver restarts: what it cannot deliver it drops after some minutes' : '';
  return [`Start the agent${before}:\n     auditveil run --config ${config}`];
}

/** The receiver is there before kube-apiserver sends, where there is a cluster already; a log has to be written before it is followed. */
const runsFirst = ({ kind, distro }: StepFacts): boolean =>
  kind === 'webhook' && distro.id !== 'kind' && distro.id !== 'minikube';

function lookStep({ out }: StepFacts): string {
  return `Look whether all is well: the agent's metrics count what arrives, findings.jsonl fills, and doctor looks at all of it.\n     curl -s http://127.0.0.1:9464/metrics | grep auditveil_events\n     auditveil doctor --config ${join(out, 'config.yaml')}\n     auditveil rules coverage --policy ${join(out, policyFile)}`;
}
