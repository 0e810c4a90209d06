import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { type Manifest, manifests } from '../../support/manifests.ts';

/** Labels that Helm adds, and that a plain manifest does without. */
const ofHelm = ['app.kubernetes.io/instance', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/version', 'helm.sh/chart'];

/** An object without what Helm adds, the configuration in it read, and empty labels left out. */
function plain(value: unknown, key = ''): unknown {
  if (key === 'config.yaml') return plain(parse(String(value)));
  if (Array.isArray(value)) return value.map((entry) => plain(entry));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => !ofHelm.includes(name) && name !== 'file')
    .map(([name, inner]) => [name, plain(inner, name)] as const);
  return Object.fromEntries(entries.filter(([name, inner]) => name !== 'labels' || !isDeepStrictEqual(inner, {})));
}

const nameOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

/**
 * Compares what the chart renders with the plain manifests of the same namespace.
 * @returns what is in one and not, or otherwise, in the other; the Namespace is made by hand where Helm is used, and labels of objects
 * (not of pods) are free
 */
export function driftOf(rendered: readonly Manifest[], namespace: string): readonly string[] {
  const own = manifests().filter(
    ({ kind, metadata }) => metadata.namespace === namespace && kind !== 'Namespace' && metadata.name === 'auditveil',
  );
  const forms = (all: readonly Manifest[]): ReadonlyMap<string, unknown> =>
    new Map(all.map((manifest) => [nameOf(manifest), plain(withoutLabels(manifest))]));
  const [left, right] = [forms(own), forms(rendered)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => differences(left.get(name), right.get(name), name));
}

function withoutLabels({ metadata: { labels: _, ...metadata }, ...rest }: Manifest): Manifest {
  return { ...rest, metadata };
}

function differences(left: unknown, right: unknown, at: string): readonly string[] {
  if (isDeepStrictEqual(left, right)) return [];
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isObject(left) || !isObject(right))
    return [`${at}: ${JSON.stringify(left)} in the manifest, ${JSON.stringify(right)} in the chart`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], `${at}.${key}`),
  );
}
