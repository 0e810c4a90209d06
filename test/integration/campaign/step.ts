import type { Identity } from './identities.ts';

/** One that is valid, one that has expired, and one of an authority that the server does not know. */
export type Certificate = 'valid' | 'expired' | 'foreign';

/** One thing that somebody does: one request, or the same kind of request several times. */
export interface Step {
  readonly what: string;
  readonly who: Identity;
  /** User agent; default: kubectl. */
  readonly client?: string;
  readonly method?: string;
  /** `{n}` is the number of the repetition. */
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token instead of that of the identity. */
  readonly token?: string;
  /** Client certificate instead of a token. */
  readonly certificate?: Certificate;
  /** Loopback address of the caller; default: that of the identity. */
  readonly from?: string;
  readonly times?: number;
  /** Asks for an upgrade of the connection, as exec and port-forward do. */
  readonly upgrade?: boolean;
  /** Only what is asked for matters here: the body of the answer is not waited for (watch, log). */
  readonly isStream?: boolean;
}

/** A step of an attack, with what it has to give rise to. */
export interface AttackStep extends Step {
  readonly tactic: string;
  /** Rows of the list of detections; a finding of one of them is enough. */
  readonly rows: readonly string[];
}

export const clients = {
  kubectl: 'kubectl/v1.37.2 (linux/amd64) kubernetes/3a1b2c3',
  curl: 'curl/8.14.1',
  python: 'python-requests/2.32.3',
  pythonClient: 'OpenAPI-Generator/31.0.0/python',
  go: 'Go-http-client/2.0',
  helm: 'Helm/3.18.4',
  argo: 'argocd-application-controller/v3.0.0 (linux/amd64) kubernetes/$Format',
  prometheus: 'Prometheus/3.4.0',
  certManager: 'cert-manager-cainjector/v1.18.2 (linux/amd64) cert-manager/$Format',
  operator: 'manager/v0.0.0 (linux/amd64) kubernetes/$Format/leader-election',
  kubelet: 'kubelet/v1.37.2 (linux/amd64) kubernetes/3a1b2c3',
  scheduler: 'kube-scheduler/v1.37.2 (linux/amd64) kubernetes/3a1b2c3/scheduler',
  controllers: 'kube-controller-manager/v1.37.2 (linux/amd64) kubernetes/3a1b2c3',
} as const;

/** What a program says of itself that was built without a version. */
export const agentOf = (program: string): string => `${program}/v0.0.0 (linux/amd64) kubernetes/$Format`;

export const merge = 'application/merge-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const jsonPatch = 'application/json-patch+json';
