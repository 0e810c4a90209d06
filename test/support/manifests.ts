import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesUnder, root } from './source-files.ts';

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly image: string;
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly resources: { readonly limits: Readonly<Record<string, string>> };
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
    readonly startupProbe?: object;
    readonly livenessProbe?: object;
    readonly readinessProbe?: object;
  }[];
  readonly volumes: readonly ({ readonly name: string; readonly hostPath?: { readonly path: string } } & Readonly<
    Record<string, unknown>
  >)[];
}

/** A Kubernetes object as it stands in deploy/kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
  readonly file: string;
}

/** All objects of deploy/kubernetes, namespaces first: as they can be created. */
export function manifests(): readonly Manifest[] {
  return inOrder(
    filesUnder('deploy/kubernetes', '.yaml').flatMap((file) => manifestsIn(readFileSync(path.join(root, file), 'utf8'), file)),
  );
}

/** The objects of a YAML text, read as kubectl and Helm do (YAML 1.1: 0440 is octal). @param file what the text is called in faults */
export function manifestsIn(text: string, file: string): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.code}`);
    const object = document.toJS() as Manifest | null;
    return object === null ? [] : [{ ...object, file }];
  });
}

function inOrder(all: readonly Manifest[]): readonly Manifest[] {
  const order = ['Namespace', 'ServiceAccount', 'ClusterRole'];
  const rank = ({ kind }: Manifest): number => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return [...all].sort((a, b) => rank(a) - rank(b));
}

/** Names of what the pods of an object mount: volumes, and those that a StatefulSet makes for each pod. */
export function volumeNamesOf(manifest: Manifest): readonly string[] {
  const { volumeClaimTemplates = [] } = manifest.spec as {
    readonly volumeClaimTemplates?: readonly Pick<Manifest, 'metadata'>[];
  };
  const own = podSpecOf(manifest)?.volumes.map(({ name }) => name) ?? [];
  return [...own, ...volumeClaimTemplates.map(({ metadata }) => metadata.name)].sort();
}

/** The pod that an object runs; undefined where it runs none. */
export function podSpecOf({ kind, spec }: Manifest): PodSpec | undefined {
  if (kind === 'Pod') return spec as PodSpec;
  return kind === 'StatefulSet' || kind === 'DaemonSet'
    ? (spec as { readonly template: { readonly spec: PodSpec } }).template.spec
    : undefined;
}
