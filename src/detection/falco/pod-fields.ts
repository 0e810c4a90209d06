import type { DirectReading, FieldDefinition, FieldReading, Path } from './field-definition.ts';
import { itemsOf, type JsonNode, memberOf, nodeAt, textOfNode, textsOf } from './json-node.ts';

const spec: Path = ['requestObject', 'spec'];
type Nodes = readonly (JsonNode | undefined)[];

/** The part of an image's name before tag and digest. Upstream cuts at the first colon, also at that of a registry's port. */
export function repositoryOf(image: string, upstream: boolean): string {
  const name = image.split('@', 1)[0] ?? '';
  if (upstream) return name.split(':', 1)[0] ?? '';
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

const chosen = (nodes: readonly JsonNode[], index: string | undefined): readonly JsonNode[] =>
  index === undefined ? nodes : nodes.slice(Number(index), Number(index) + 1);

/** The elements of a list; anything else is the only one. */
const elementsOf = (node: JsonNode | undefined): Nodes => (node?.type === 'array' ? node.items : [node]);

interface MemberOptions {
  /** The member is a list: each element is a value. Upstream gives the list as one JSON text. */
  readonly listed?: boolean;
  /** Upstream gives nothing at all where one container lacks the member. */
  readonly allOrNone?: boolean;
  readonly map?: (text: string, upstream: boolean) => string;
}

/** A member of every container, or of the one at an index. */
function containerMember(kind: string, name: string, member: Path, about: string, options: MemberOptions = {}): FieldDefinition {
  const path = [...spec, kind];
  const { listed = false, allOrNone = false, map } = options;
  const read = (index: string | undefined, upstream: boolean): FieldReading => {
    const mapped = (text: string): string => map?.(text, upstream) ?? text;
    const direct: DirectReading = { path: [...path, ...member], values: 'elements', map: mapped };
    const computed = index !== undefined || ((listed || allOrNone) && upstream);
    return {
      isList: true,
      places: [path],
      texts: ([containers]) => {
        const values = chosen(itemsOf(containers), index).map((container) => nodeAt(container, member));
        if (allOrNone && upstream && values.includes(undefined)) return [];
        const flat = listed && !upstream ? values.flatMap(elementsOf) : values;
        return textsOf(flat).map(mapped);
      },
      ...(computed ? { gate: direct.path } : { direct }),
    };
  };
  return { name: `ka.req.pod.${kind}.${name}`, argument: 'index', isList: true, about: `${about} of ${kind}`, read };
}

/** Host ports; where a container names none, its own port, which is the host's when the pod uses the host's network. */
function hostPorts(kind: string): FieldDefinition {
  const path = [...spec, kind];
  const portOf = (port: JsonNode): JsonNode | undefined => memberOf(port, 'hostPort') ?? memberOf(port, 'containerPort');
  const read = (index: string | undefined): FieldReading => ({
    isList: true,
    places: [path],
    gate: [...path, 'ports'],
    texts: ([containers]) =>
      textsOf(chosen(itemsOf(containers), index).flatMap((container) => itemsOf(memberOf(container, 'ports')).map(portOf))),
  });
  return { name: `ka.req.pod.${kind}.host_port`, argument: 'index', isList: true, about: `host ports of ${kind}`, read };
}

/** What a container runs as: its own setting, else the pod's, else 0. Upstream looks for both in the wrong place. */
function effective(kind: string, name: string, member: string): FieldDefinition {
  const read = (index: string | undefined, upstream: boolean): FieldReading => {
    const inside = upstream ? [member] : ['securityContext', member];
    const texts = ([containers, ofPod]: Nodes): readonly string[] => {
      const fallback = textOfNode(ofPod) ?? '0';
      return chosen(itemsOf(containers), index).map((container) => textOfNode(nodeAt(container, inside)) ?? fallback);
    };
    return {
      isList: true,
      places: [
        [...spec, kind],
        [...spec, ...inside],
      ],
      gate: [...spec, kind],
      texts,
    };
  };
  return {
    name: `ka.req.pod.${kind}.eff_${name}`,
    argument: 'index',
    isList: true,
    about: `effective ${member} of ${kind}`,
    read,
  };
}

const security = (member: string): Path => ['securityContext', member];

const containerFields = (kind: string): readonly FieldDefinition[] => [
  containerMember(kind, 'name', ['name'], 'names'),
  containerMember(kind, 'image', ['image'], 'images', { allOrNone: true }),
  containerMember(kind, 'image.repository', ['image'], 'image repositories', { allOrNone: true, map: repositoryOf }),
  containerMember(kind, 'command', ['command'], 'command words', { listed: true }),
  containerMember(kind, 'args', ['args'], 'arguments', { listed: true }),
  containerMember(kind, 'privileged', security('privileged'), 'privileged flags'),
  containerMember(kind, 'allow_privilege_escalation', security('allowPrivilegeEscalation'), 'allowPrivilegeEscalation flags'),
  containerMember(kind, 'read_only_fs', security('readOnlyRootFilesystem'), 'readOnlyRootFilesystem flags'),
  containerMember(kind, 'run_as_user', security('runAsUser'), 'runAsUser'),
  containerMember(kind, 'run_as_group', security('runAsGroup'), 'runAsGroup'),
  effective(kind, 'run_as_user', 'runAsUser'),
  effective(kind, 'run_as_group', 'runAsGroup'),
  containerMember(kind, 'proc_mount', security('procMount'), 'procMount'),
  containerMember(kind, 'add_capabilities', ['securityContext', 'capabilities', 'add'], 'added capabilities', { listed: true }),
  hostPorts(kind),
];

function podScalar(name: string, member: Path, about: string): FieldDefinition {
  const path = [...spec, ...member];
  const texts = ([value]: Nodes): readonly string[] => textsOf([value]);
  const reading: FieldReading = { isList: false, places: [path], direct: { path, values: 'scalar' }, texts };
  return { name, argument: 'none', isList: false, about, read: () => reading };
}

const supplementalGroups: FieldDefinition = {
  name: 'ka.req.pod.supplemental_groups',
  argument: 'none',
  isList: true,
  about: 'supplemental groups of a pod',
  read: () => {
    const path = [...spec, 'securityContext', 'supplementalGroups'];
    const texts = ([value]: Nodes): readonly string[] => textsOf(itemsOf(value));
    return { isList: true, places: [path], direct: { path, values: 'elements' }, texts };
  },
};

const volumesPath: Path = [...spec, 'volumes'];

function volumeMember(name: string, member: Path, about: string): FieldDefinition {
  const path = [...volumesPath, ...member];
  const read = (index: string | undefined): FieldReading => ({
    isList: true,
    places: [volumesPath],
    texts: ([volumes]) => textsOf(chosen(itemsOf(volumes), index).map((volume) => nodeAt(volume, member))),
    ...(index === undefined ? { direct: { path, values: 'elements' } } : { gate: path }),
  });
  return { name: `ka.req.pod.volumes.${name}`, argument: 'index', isList: true, about, read };
}

const volumeTypes: FieldDefinition = {
  name: 'ka.req.pod.volumes.volume_type',
  argument: 'index',
  isList: true,
  about: 'types of the volumes',
  read: (index) => ({
    isList: true,
    places: [volumesPath],
    texts: ([volumes]) =>
      chosen(itemsOf(volumes), index).flatMap((volume) =>
        volume.type === 'object' ? volume.members.map(([name]) => name).filter((name) => name !== 'name') : [],
      ),
  }),
};

/** Whether a volume is mounted from a path of the host; `*` at the end takes everything that starts so. */
const usesHostPath: FieldDefinition = {
  name: 'ka.req.volume.hostpath',
  argument: 'key',
  isList: false,
  about: 'whether a volume comes from this path of the host (old name; see ka.req.pod.volumes.hostpath)',
  read: (wanted = '') => {
    const fits = (path: string): boolean => path === wanted || (wanted.endsWith('*') && path.startsWith(wanted.slice(0, -1)));
    const texts = ([volumes]: Nodes): readonly string[] => {
      if (volumes?.type !== 'array') return [];
      return [String(textsOf(volumes.items.map((volume) => nodeAt(volume, ['hostPath', 'path']))).some(fits))];
    };
    return { isList: false, places: [volumesPath], texts };
  },
};

const containersPath: Path = [...spec, 'containers'];

/** The image of the first container, as the field of old gave it. */
function firstImage(name: string, map: (image: string, upstream: boolean) => string): FieldDefinition {
  const read = (_argument: string | undefined, upstream: boolean): FieldReading => ({
    isList: false,
    places: [containersPath],
    gate: [...containersPath, 'image'],
    texts: ([containers]) => textsOf([memberOf(itemsOf(containers)[0], 'image')]).map((image) => map(image, upstream)),
  });
  return { name, argument: 'none', isList: false, about: 'of the first container (old name; see ka.req.pod.containers)', read };
}

const anyPrivileged: FieldDefinition = {
  name: 'ka.req.container.privileged',
  argument: 'none',
  isList: false,
  about: 'whether a container is privileged (old name; see ka.req.pod.containers.privileged)',
  read: () => ({
    isList: false,
    places: [containersPath],
    texts: ([containers]) => {
      if (containers?.type !== 'array') return [];
      const flags = containers.items.map((container) => textOfNode(nodeAt(container, security('privileged'))));
      return [String(flags.includes('true'))];
    },
  }),
};

/** Fields of the k8saudit plugin about the pod in a request. */
export const podFields: readonly FieldDefinition[] = [
  ...['containers', 'initContainers', 'ephemeralContainers'].flatMap(containerFields),
  podScalar('ka.req.pod.host_ipc', ['hostIPC'], 'hostIPC of a pod'),
  podScalar('ka.req.pod.host_network', ['hostNetwork'], 'hostNetwork of a pod'),
  podScalar('ka.req.container.host_network', ['hostNetwork'], 'hostNetwork of a pod (old name)'),
  podScalar('ka.req.pod.host_pid', ['hostPID'], 'hostPID of a pod'),
  podScalar('ka.req.pod.run_as_user', security('runAsUser'), 'runAsUser of a pod'),
  podScalar('ka.req.pod.run_as_group', security('runAsGroup'), 'runAsGroup of a pod'),
  podScalar('ka.req.pod.fs_group', security('fsGroup'), 'fsGroup of a pod'),
  supplementalGroups,
  volumeMember('hostpath', ['hostPath', 'path'], 'host paths of the volumes'),
  volumeMember('flexvolume_driver', ['flexVolume', 'driver'], 'flexvolume drivers of the volumes'),
  volumeTypes,
  usesHostPath,
  firstImage('ka.req.container.image', (image) => image),
  firstImage('ka.req.container.image.repository', repositoryOf),
  anyPrivileged,
];
