import type { AuditLevel, AuditPolicy, Caller, PolicyRequest } from './audit-policy.ts';
import { kubernetesResources, kubernetesVerbs, resourcePath } from './kubernetes-resources.ts';
import type { KnownOfEvent } from './may-match.ts';
import type { RuleSet } from './rule-set.ts';

/** What a request is about: a verb on a resource, or on a path where there is no resource. */
export interface Target {
  readonly verb: string;
  readonly resource: string | undefined;
  readonly subresource: string;
  readonly group: string;
  readonly path: string;
}

/** A kind of caller, with the words a report uses for it. */
export interface NamedCaller extends Caller {
  readonly about: string;
}

/** One event that a request gives: its stage, and members that are not in it whatever the level. */
export interface StageView {
  readonly stage: string;
  readonly without: readonly string[];
}

/** Verbs that subresources serve (Kubernetes documentation, API reference); others are read and changed. */
const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  exec: ['get', 'create'],
  attach: ['get', 'create'],
  portforward: ['get', 'create'],
  proxy: ['get', 'create', 'update', 'patch', 'delete'],
  log: ['get'],
  binding: ['create'],
  eviction: ['create'],
  token: ['create'],
  finalize: ['update'],
};
const readAndChange = ['get', 'update', 'patch'];
/** Objects that can only be created: questions to the API server. */
const isReview = (resource: string): boolean => /reviews$/.test(resource);
/** Requests that also give an event when their answer begins (kube-apiserver, long running requests). */
const longRunning = new Set(['exec', 'attach', 'portforward', 'proxy', 'log']);
const bodyless = new Set(['get', 'list', 'watch']);
/** Paths that are no objects; probes of health are only asked about where a rule's own examples name them. */
const paths = ['/api', '/apis', '/version', '/metrics', '/logs/kube-apiserver.log', '/debug/pprof/profile', '/openapi/v2', '/'];
const isProbe = (url: string): boolean => /^\/(healthz|livez|readyz)/.test(url);

/** Members that only come once a request was let in and answered. */
const unanswered = ['impersonatedUser', 'requestObject', 'responseStatus', 'responseObject', 'annotations'];

const someone = (username: string): NamedCaller => ({ username, groups: groupsOf(username), about: kindOf(username) });

/** What a report calls callers of this kind. */
function kindOf(username: string): string {
  const [system, kind, namespace] = username.split(':');
  if (system !== 'system') return 'people';
  if (kind === 'serviceaccount') return namespace === 'kube-system' ? 'service accounts of kube-system' : 'service accounts';
  return { node: 'system:nodes', anonymous: 'system:anonymous' }[kind ?? ''] ?? username;
}

/** Groups that the API server gives an identity by its name. */
export function groupsOf(username: string): readonly string[] {
  const [system, kind, namespace] = username.split(':');
  if (system !== 'system') return ['system:authenticated'];
  if (kind === 'anonymous') return ['system:unauthenticated'];
  if (kind === 'node') return ['system:nodes', 'system:authenticated'];
  if (kind === 'apiserver') return ['system:masters', 'system:authenticated'];
  if (kind === 'serviceaccount')
    return ['system:serviceaccounts', `system:serviceaccounts:${namespace ?? ''}`, 'system:authenticated'];
  return ['system:authenticated'];
}

/** Somebody of a group; a name where the API server gives the group by name. */
function memberOf(group: string): NamedCaller {
  const names: Readonly<Record<string, string>> = {
    'system:nodes': 'system:node:node-1',
    'system:unauthenticated': 'system:anonymous',
    'system:serviceaccounts': 'system:serviceaccount:shop:robot',
  };
  const account = /^system:serviceaccounts:(.+)$/.exec(group);
  const username = names[group] ?? (account ? `system:serviceaccount:${account[1]}:robot` : 'member@example.com');
  return { username, groups: [...new Set([group, ...groupsOf(username)])], about: group };
}

/** The API server could not tell who asked: such a request is answered with 401, and no other is. */
export const nobody: NamedCaller = { username: undefined, groups: [], about: 'callers that are not known (401)' };

const usual: readonly NamedCaller[] = [
  ...['someone@example.com', 'kubernetes-admin', 'system:serviceaccount:shop:robot', 'system:serviceaccount:kube-system:robot'],
  ...['system:node:node-1', 'system:anonymous'],
  ...['kube-controller-manager', 'kube-scheduler', 'apiserver', 'kube-proxy'].map((name) => `system:${name}`),
]
  .map(someone)
  .concat({ username: 'root@example.com', groups: ['system:masters', 'system:authenticated'], about: 'system:masters' }, nobody);

/** Callers that a policy or the examples of rules tell apart, and the usual ones. */
export function callersOf(policy: AuditPolicy, examples: readonly string[]): readonly NamedCaller[] {
  const users = new Set(policy.rules.flatMap((rule) => rule.users));
  const groups = new Set(policy.rules.flatMap((rule) => rule.userGroups));
  const all = [
    ...usual,
    ...[...users].map((name) => ({ ...someone(name), about: name })),
    ...[...groups].map(memberOf),
    ...examples.map(someone),
  ];
  return [
    ...new Map(all.toReversed().map((caller) => [`${caller.username} ${caller.groups.join(' ')}`, caller])).values(),
  ].toReversed();
}

interface ExampleEvent {
  readonly verb?: unknown;
  readonly requestURI?: unknown;
  readonly user?: { readonly username?: unknown };
  readonly objectRef?: { readonly resource?: unknown; readonly subresource?: unknown; readonly apiGroup?: unknown };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Events that rules say they match. */
function examplesOf(set: RuleSet): readonly ExampleEvent[] {
  return set.rules.flatMap(({ rule }) => rule.tests.flatMap(({ match, event }) => (match ? [event as ExampleEvent] : [])));
}

export function exampleUsers(set: RuleSet): readonly string[] {
  return [...new Set(examplesOf(set).map(({ user }) => text(user?.username)))].filter((name) => name !== '');
}

const served = new Map(kubernetesResources.map(({ resource, group, subresources }) => [resource, { group, subresources }]));

/** Whether there can be such a request: examples of rules also name what is near to it and does not exist. */
export function isServed({ verb, resource, subresource, group }: Target): boolean {
  if (resource === undefined) return true;
  const known = served.get(resource);
  if (!kubernetesVerbs.includes(verb)) return false;
  return !known || (known.group === group && (subresource === '' || known.subresources.includes(subresource)));
}

/** Everything a rule might be about: what Kubernetes serves, and what the examples of the rules name besides. */
export function targetsOf(set: RuleSet, policy: AuditPolicy): readonly Target[] {
  const all = kubernetesResources.flatMap(({ resource, group, subresources }) =>
    ['', ...subresources].flatMap((subresource) =>
      verbsOf(resource, subresource).map((verb): Target => ({ verb, resource, subresource, group, path: '' })),
    ),
  );
  const groups = new Map(kubernetesResources.map(({ resource, group }) => [resource, group]));
  const named = examplesOf(set).flatMap(({ verb, requestURI, objectRef }): readonly Target[] => {
    const resource = text(objectRef?.resource);
    if (resource === '')
      return objectRef === undefined && text(requestURI) !== '' ? [pathTarget(text(verb) || 'get', text(requestURI))] : [];
    const group = text(objectRef?.apiGroup) || (groups.get(resource) ?? '');
    const target = { verb: text(verb), resource, subresource: text(objectRef?.subresource), group, path: '' };
    return isServed(target) ? [target] : [];
  });
  const urls = [...paths, ...policy.rules.flatMap((rule) => rule.nonResourceURLs.map((url) => url.replace(/\*+$/, '')))];
  const asked = urls.filter((url) => url !== '' && !isProbe(url)).map((url) => pathTarget('get', url));
  return [...new Map([...all, ...named, ...asked].map((target) => [JSON.stringify(target), target])).values()];
}

const pathTarget = (verb: string, url: string): Target => ({
  verb,
  resource: undefined,
  subresource: '',
  group: '',
  path: url.split('?')[0] ?? '',
});

function verbsOf(resource: string, subresource: string): readonly string[] {
  if (subresource !== '') return subresourceVerbs[subresource] ?? readAndChange;
  return isReview(resource) ? ['create'] : kubernetesVerbs;
}

/** Events that a request to a target gives, in order; a caller that is not known gives one. */
export function stagesOf(target: Target, caller: Caller): readonly StageView[] {
  const body = bodyless.has(target.verb) ? ['requestObject'] : [];
  const place = target.resource === undefined ? ['objectRef'] : [];
  const view = (stage: string, without: readonly string[]): StageView => ({ stage, without: [...place, ...without] });
  const started = view('ResponseStarted', [...body, 'responseObject']);
  if (caller.username === undefined)
    return [view('ResponseStarted', ['user', 'impersonatedUser', 'requestObject', 'responseObject', 'annotations'])];
  return [
    view('RequestReceived', unanswered),
    ...(target.verb === 'watch' || longRunning.has(target.subresource) ? [started] : []),
    view('ResponseComplete', body),
  ];
}

/** What a level leaves out. */
export const missingAt: Readonly<Record<AuditLevel, readonly string[]>> = {
  None: [],
  Metadata: ['requestObject', 'responseObject'],
  Request: ['responseObject'],
  RequestResponse: [],
};

/** A target whose group does not matter. */
type Asked = Omit<Target, 'group'>;

/** Fields that a target settles. */
export function valuesOf({ verb, resource, subresource, path }: Asked): NonNullable<KnownOfEvent['values']> {
  const object = { 'objectRef.resource': resource, 'objectRef.subresource': subresource || undefined };
  return resource === undefined ? { ...object, verb, requestURI: path } : { ...object, verb };
}

export function nameOf({ verb, resource, subresource, path }: Asked): string {
  return `${verb} ${resource === undefined ? path : resourcePath(resource, subresource)}`;
}

export function requestOf(target: Target, caller: Caller, namespace: string, name: string): PolicyRequest {
  return { ...target, caller, namespace, name };
}
