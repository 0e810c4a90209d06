/** What a resource name of Cloud Audit Logs says: `core/v1/namespaces/default/pods/web/exec`. */
export interface ResourceName {
  /** As in audit events: empty for the core group. */
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Paths of the API server that are no resources, though some entries name them like one. */
const plainPaths = new Set([
  'healthz',
  'livez',
  'readyz',
  'version',
  'metrics',
  'api',
  'apis',
  'openapi',
  'swagger',
  'logs',
  'debug',
]);

/** Undefined where the name is a plain path, or has another shape. */
export function parseResourceName(name: string): ResourceName | undefined {
  const [group, apiVersion, ...rest] = name.replace(/^\/+/, '').split('/');
  if (!group || !apiVersion || !/^v\d/.test(apiVersion)) return undefined;
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2;
  const [resource, object, ...below] = isNamespaced ? rest.slice(2) : rest;
  if (!resource || (plainPaths.has(resource) && group === 'core')) return undefined;
  // A namespace itself is read as its own namespace, as the API server does.
  const namespace = isNamespaced ? rest[1] : resource === 'namespaces' ? object : undefined;
  return {
    apiGroup: group === 'core' ? '' : group,
    apiVersion,
    resource,
    ...(namespace ? { namespace } : {}),
    ...(object ? { name: object } : {}),
    ...(below.length > 0 ? { subresource: below.join('/') } : {}),
  };
}

/** The path of the request that names this resource. */
export function pathOf(of: ResourceName): string {
  const parts = [of.apiGroup === '' ? '/api' : `/apis/${of.apiGroup}`, of.apiVersion];
  if (of.namespace !== undefined && of.resource !== 'namespaces') parts.push('namespaces', of.namespace);
  parts.push(of.resource);
  if (of.name !== undefined) parts.push(of.name);
  if (of.subresource !== undefined) parts.push(of.subresource);
  return parts.join('/');
}

/** `io.k8s.core.v1.pods.exec.create`: the verb, and what the name alone says of the resource. */
export interface MethodName {
  readonly verb: string;
  readonly resource?: ResourceName;
  /** `io.k8s.readyz`: a path that is no resource. */
  readonly path?: string;
}

const verbs = new Set([
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'connect',
  'post',
  'put',
  'head',
]);

/**
 * What is no dotted name is not taken apart, and stands in the path as it is: a token with dots in it would be masked as a whole
 * only.
 */
export function parseMethodName(method: string): MethodName {
  const parts = method.split('.');
  if (!parts.every(isWord)) return { verb: 'get', path: `/${method}` };
  const last = parts.at(-1) ?? '';
  const names = verbs.has(last) ? parts.slice(0, -1) : parts;
  const verb = verbs.has(last) ? last : 'get';
  const version = names.findIndex((part) => /^v\d+(?:(?:alpha|beta)\d+)?$/.test(part));
  const [resource, ...below] = version < 0 ? [] : names.slice(version + 1);
  if (!resource) return { verb, path: `/${names.slice(2).join('/')}` };
  if (plainPaths.has(resource)) return { verb, path: `/${[resource, ...below].join('/')}` };
  return {
    verb,
    resource: {
      apiGroup: groupOf(names.slice(0, version)),
      apiVersion: names[version] ?? 'v1',
      resource,
      ...(below.length > 0 ? { subresource: below.join('/') } : {}),
    },
  };
}

/** A label of a group, a kind or a verb. Signatures of tokens are longer, with capitals in them. */
function isWord(part: string): boolean {
  return /^(?:[a-z0-9-]{0,63}|[A-Za-z0-9]{1,40})$/.test(part);
}

/** API groups of Kubernetes that have no domain. */
const shortGroups = new Set(['apps', 'batch', 'autoscaling', 'policy', 'extensions']);

/** From a reversed domain: `io.cert-manager`, `io.k8s.networking`, `io.k8s.core`. */
function groupOf(reversed: readonly string[]): string {
  const group = [...reversed].reverse().join('.');
  const builtIn = /^(.+)\.k8s\.io$/.exec(group)?.[1];
  if (builtIn === 'core') return '';
  if (builtIn === 'rbac') return 'rbac.authorization.k8s.io';
  return builtIn !== undefined && shortGroups.has(builtIn) ? builtIn : group;
}
