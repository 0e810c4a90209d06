export const distroIds = ['kubeadm', 'k3s', 'rke2', 'kind', 'minikube', 'generic'] as const;
export type DistroId = (typeof distroIds)[number];

/**
 * Where a distribution keeps what kube-apiserver reads and writes, as its users know it. Only `generic` has been tried on a real
 * kube-apiserver.
 */
export interface Distro {
  readonly id: DistroId;
  /** Folder on the node that kube-apiserver reads its audit files from. */
  readonly directory: string;
  /** The audit log on the node, where the log backend is used. */
  readonly auditLog: string;
  /** Where kube-apiserver reaches a receiver that runs beside it: on the node, or on the machine that holds the cluster. */
  readonly receiver: string;
  /** How kube-apiserver comes up with new flags. */
  readonly restart: string;
  /** Where to look when it does not come back. */
  readonly trouble: string;
}

export const distros: Readonly<Record<DistroId, Distro>> = {
  kubeadm: {
    id: 'kubeadm',
    directory: '/etc/kubernetes/auditveil',
    auditLog: '/var/log/kubernetes/audit/audit.log',
    receiver: '127.0.0.1:8443',
    restart: 'The kubelet sees the changed manifest and restarts kube-apiserver by itself, within a minute.',
    trouble: 'crictl ps -a --name kube-apiserver; crictl logs <id>',
  },
  k3s: {
    id: 'k3s',
    directory: '/var/lib/rancher/k3s/server/auditveil',
    auditLog: '/var/lib/rancher/k3s/server/logs/audit.log',
    receiver: '127.0.0.1:8443',
    restart: 'systemctl restart k3s',
    trouble: 'journalctl -u k3s',
  },
  rke2: {
    id: 'rke2',
    directory: '/etc/rancher/rke2/auditveil',
    auditLog: '/var/lib/rancher/rke2/server/logs/audit.log',
    receiver: '127.0.0.1:8443',
    restart: 'systemctl restart rke2-server',
    trouble: 'journalctl -u rke2-server; /var/log/pods/kube-system_kube-apiserver-*',
  },
  kind: {
    id: 'kind',
    directory: '/etc/kubernetes/auditveil',
    auditLog: '/var/log/kubernetes/audit/audit.log',
    receiver: '172.18.0.1:8443',
    restart: 'kind create cluster --config kind.yaml (kind takes these options only when it makes a cluster)',
    trouble: 'kind export logs',
  },
  minikube: {
    id: 'minikube',
    directory: '/etc/ssl/certs',
    // kube-apiserver writes to its standard output there; this is where the node keeps that.
    auditLog: '/var/log/containers/kube-apiserver-*_kube-system_kube-apiserver-*.log',
    receiver: 'host.minikube.internal:8443',
    restart: 'minikube stop, then the minikube start above',
    trouble: 'minikube logs',
  },
  generic: {
    id: 'generic',
    directory: '/etc/kubernetes/auditveil',
    auditLog: '/var/log/kubernetes/audit/audit.log',
    receiver: '127.0.0.1:8443',
    restart: 'Restart kube-apiserver the way it was started.',
    trouble: "kube-apiserver's own log",
  },
};
