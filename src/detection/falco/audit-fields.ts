import { percentDecode } from '../event-value.ts';
import type { DirectReading, FieldDefinition, FieldReading, Path } from './field-definition.ts';
import { itemsOf, type JsonNode, memberOf, nodeAt, textOfNode, textsOf } from './json-node.ts';

const one = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);

/** A field that is one value at one path. */
function scalar(name: string, path: Path, about: string, map?: DirectReading['map']): FieldDefinition {
  return { name, argument: 'none', isList: false, about, read: () => scalarAt(path, map) };
}

function scalarAt(path: Path, map: DirectReading['map'] = (text) => text): FieldReading {
  return {
    isList: false,
    places: [path],
    direct: { path, values: 'scalar', map },
    texts: ([value]) => one(textOfNode(value)).flatMap((text) => map(text) ?? []),
  };
}

/** A field that is the list at one path. */
function list(name: string, path: Path, about: string): FieldDefinition {
  const reading: FieldReading = {
    isList: true,
    places: [path],
    direct: { path, values: 'elements' },
    texts: ([value]) => textsOf(itemsOf(value)),
  };
  return { name, argument: 'none', isList: true, about, read: () => reading };
}

/** The parameter of a URI's query, decoded; the first of several. Undefined where there is none. */
export function uriParameter(uri: string, key: string, upstream: boolean): string | undefined {
  const query = uri.split('#', 1)[0]?.split('?').slice(1).join('?');
  if (!query) return undefined;
  // Go refuses the whole query where one part of it is not well-formed.
  if (upstream && (query.includes(';') || /%(?![0-9a-fA-F]{2})/.test(query))) return undefined;
  const decode = (text: string): string => percentDecode(text.replaceAll('+', ' '));
  for (const part of query.split('&')) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? part : part.slice(0, equals);
    if (name !== '' && decode(name) === key) return equals < 0 ? '' : decode(part.slice(equals + 1));
  }
  return undefined;
}

const sourceAddresses: FieldDefinition = {
  name: 'ka.sourceips',
  argument: 'index',
  isList: true,
  about: 'addresses of the client; the last is the peer',
  read: (index, upstream) => {
    const path = ['sourceIPs'];
    if (upstream) return { isList: true, places: [path], texts: () => [] };
    const texts = ([value]: readonly (JsonNode | undefined)[]): readonly string[] =>
      textsOf(index === undefined ? itemsOf(value) : [itemsOf(value)[Number(index)]]);
    const direct = index === undefined ? { direct: { path, values: 'elements' } as const } : {};
    return { isList: true, places: [path], texts, ...direct };
  },
};

const podName: FieldDefinition = {
  name: 'ka.target.pod.name',
  argument: 'none',
  isList: false,
  about: 'name of the pod a request is about',
  read: () => ({
    isList: false,
    places: [
      ['objectRef', 'resource'],
      ['objectRef', 'name'],
    ],
    texts: ([resource, name]) => (textOfNode(resource) === 'pods' ? one(textOfNode(name)) : []),
  }),
};

const subjectsPath = ['requestObject', 'subjects'];

/** Names of a binding's subjects of one kind. */
function subjects(name: string, kind: string, about: string, text: (subject: JsonNode) => string | undefined): FieldDefinition {
  const reading: FieldReading = {
    isList: true,
    places: [subjectsPath],
    gate: [...subjectsPath, 'kind'],
    texts: ([value]) =>
      itemsOf(value).flatMap((subject) => (textOfNode(memberOf(subject, 'kind')) === kind ? one(text(subject)) : [])),
  };
  return { name: `ka.req.binding.subjects.${name}`, argument: 'none', isList: true, about, read: () => reading };
}

const nameOf = (subject: JsonNode): string | undefined => textOfNode(memberOf(subject, 'name'));

const hasSubject: FieldDefinition = {
  name: 'ka.req.binding.subject.has_name',
  argument: 'key',
  isList: false,
  about: 'whether a binding has a subject of this name',
  read: (name, upstream) => ({
    isList: false,
    places: upstream ? [] : [subjectsPath],
    texts: ([value]) => (upstream ? ['true'] : value ? [String(itemsOf(value).some((subject) => nameOf(subject) === name))] : []),
  }),
};

/** Lists inside the rules of a role, all rules together or those of one. */
function roleRules(member: string): FieldDefinition {
  return {
    name: `ka.req.role.rules.${member}`,
    argument: 'index',
    isList: true,
    about: `${member} of the rules of a role`,
    read: (index) => {
      const path = ['requestObject', 'rules'];
      const rulesOf = (value: JsonNode | undefined): readonly (JsonNode | undefined)[] =>
        index === undefined ? itemsOf(value) : [itemsOf(value)[Number(index)]];
      return {
        isList: true,
        places: [path],
        texts: ([value]) => textsOf(rulesOf(value).flatMap((rule) => itemsOf(nodeAt(rule, [member])))),
        ...(index === undefined ? { direct: { path: [...path, member], values: 'elements' } } : { gate: [...path, member] }),
      };
    },
  };
}

const servicePorts: FieldDefinition = {
  name: 'ka.req.service.ports',
  argument: 'index',
  isList: true,
  about: 'ports of a service, each as JSON',
  read: (index, upstream) => {
    const path = ['requestObject', 'spec', 'ports'];
    const items = (value: JsonNode | undefined): readonly (JsonNode | undefined)[] =>
      index === undefined ? itemsOf(value) : [itemsOf(value)[Number(index)]];
    if (upstream) return { isList: true, places: [path], texts: ([value]) => one(textOfNode(value)) };
    const direct = index === undefined ? { direct: { path, values: 'elements' } as const } : {};
    return { isList: true, places: [path], texts: ([value]) => textsOf(items(value)), ...direct };
  },
};

const uriParam: FieldDefinition = {
  name: 'ka.uri.param',
  argument: 'key',
  isList: false,
  about: 'a parameter of the request URI',
  read: (key = '', upstream) => scalarAt(['requestURI'], (uri) => uriParameter(uri, key, upstream)),
};

const annotation = (name: string): Path => ['annotations', name];

/** Fields of the k8saudit plugin about the request itself (plugins/k8saudit/pkg/k8saudit/fields.go and extract.go). */
export const auditFields: readonly FieldDefinition[] = [
  scalar('ka.auditid', ['auditID'], 'id of the request'),
  scalar('ka.stage', ['stage'], 'stage of the request'),
  scalar('ka.auth.decision', annotation('authorization.k8s.io/decision'), 'decision of the authorizer'),
  scalar('ka.auth.reason', annotation('authorization.k8s.io/reason'), 'why the authorizer decided so'),
  scalar('ka.auth.openshift.decision', annotation('authentication.openshift.io/decision'), 'decision of OpenShift'),
  scalar('ka.auth.openshift.username', annotation('authentication.openshift.io/username'), 'user OpenShift decided about'),
  scalar(
    'ka.validations.admission.policy.failure',
    annotation('validation.policy.admission.k8s.io/validation_failure'),
    'what a validating admission policy found',
  ),
  scalar('ka.security.pod.violations', annotation('pod-security.kubernetes.io/audit-violations'), 'violations of pod security'),
  scalar('ka.cluster.name', annotation('cluster_name'), 'name of the cluster, where the cloud notes it'),
  scalar('ka.user.name', ['user', 'username'], 'user of the request'),
  list('ka.user.groups', ['user', 'groups'], 'groups of the user'),
  scalar('ka.impuser.name', ['impersonatedUser', 'username'], 'impersonated user'),
  scalar('ka.verb', ['verb'], 'verb of the request'),
  scalar('ka.uri', ['requestURI'], 'URI of the request'),
  uriParam,
  scalar('ka.target.name', ['objectRef', 'name'], 'name of the object'),
  scalar('ka.target.namespace', ['objectRef', 'namespace'], 'namespace of the object'),
  scalar('ka.target.resource', ['objectRef', 'resource'], 'resource'),
  scalar('ka.target.subresource', ['objectRef', 'subresource'], 'subresource'),
  podName,
  list('ka.req.binding.subjects', subjectsPath, 'subjects of a binding, each as JSON'),
  subjects('user_names', 'User', 'users of a binding', nameOf),
  subjects('group_names', 'Group', 'groups of a binding', nameOf),
  subjects('serviceaccount_names', 'ServiceAccount', 'service accounts of a binding', nameOf),
  subjects('serviceaccount_ns_names', 'ServiceAccount', 'service accounts of a binding, with namespace', (subject) => {
    const name = nameOf(subject);
    return name === undefined ? undefined : `${textOfNode(memberOf(subject, 'namespace')) ?? ''}:${name}`;
  }),
  hasSubject,
  scalar('ka.req.binding.role', ['requestObject', 'roleRef', 'name'], 'role of a binding'),
  scalar('ka.req.configmap.name', ['objectRef', 'name'], 'name of a config map'),
  scalar('ka.req.configmap.obj', ['requestObject', 'data'], 'data of a config map, as JSON'),
  list('ka.req.role.rules', ['requestObject', 'rules'], 'rules of a role, each as JSON'),
  ...['apiGroups', 'nonResourceURLs', 'verbs', 'resources'].map(roleRules),
  scalar('ka.req.service.type', ['requestObject', 'spec', 'type'], 'type of a service'),
  servicePorts,
  scalar('ka.resp.name', ['responseObject', 'metadata', 'name'], 'name of the object in the response'),
  scalar('ka.response.code', ['responseStatus', 'code'], 'status code'),
  scalar('ka.response.reason', ['responseStatus', 'reason'], 'reason of a failure'),
  scalar('ka.useragent', ['userAgent'], 'what the client calls itself'),
  sourceAddresses,
];
