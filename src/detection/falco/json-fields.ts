import type { FieldDefinition, FieldReading, Path } from './field-definition.ts';
import { indentedText, itemsOf, type JsonNode, memberOf, textOfNode } from './json-node.ts';

/** Members of an event that hold a plain text or number wherever kube-apiserver writes them. */
const plainMembers = new Set([
  ...['kind', 'apiVersion', 'level', 'auditID', 'stage', 'requestURI', 'verb', 'userAgent'],
  ...['requestReceivedTimestamp', 'stageTimestamp', 'user/username', 'user/uid', 'impersonatedUser/username'],
  ...['responseStatus/code', 'responseStatus/reason', 'responseStatus/status', 'responseStatus/message'],
  ...['resource', 'subresource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion'].map(
    (name) => `objectRef/${name}`,
  ),
]);

/** Names of a JSON pointer (RFC 6901). The leading slash may be missing, as upstream allows. */
export function pointerNames(pointer: string): Path {
  const text = pointer.startsWith('/') ? pointer.slice(1) : pointer;
  return text.split('/').map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isPlain(names: Path): boolean {
  if (names.length === 2 && names[0] === 'annotations') return true;
  return plainMembers.has(names.join('/'));
}

/** A member of an object, or an element of a list. */
function step(node: JsonNode | undefined, name: string): JsonNode | undefined {
  if (node?.type === 'array') return /^\d+$/.test(name) ? itemsOf(node)[Number(name)] : undefined;
  return memberOf(node, name);
}

function readPointer(pointer: string): FieldReading {
  const names = pointerNames(pointer);
  const [top = '', ...rest] = names;
  const texts = (values: readonly (JsonNode | undefined)[]): readonly string[] => {
    const text = textOfNode(rest.reduce(step, values[0]));
    return text === undefined ? [] : [text];
  };
  if (top === '*' || top === '') return { isList: false, places: [[]], texts: (values) => texts([memberOf(values[0], top)]) };
  const plain = { isList: false, places: [[top]], texts };
  if (isPlain(names)) return { ...plain, direct: { path: names, values: 'scalar' } };
  // Extracted paths know neither positions nor a member that is really called `*`.
  const gated = rest.length > 0 && names.every((name) => name !== '*' && !/^\d+$/.test(name));
  return gated ? { ...plain, gate: names } : plain;
}

const wholeEvent: FieldReading = {
  isList: false,
  places: [[]],
  texts: ([event]) => (event ? [indentedText(event)] : []),
};

/** Nanoseconds since the epoch of an RFC 3339 time, as a decimal number; undefined where the text is none. */
export function nanoseconds(time: string | undefined): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[-+]\d{2}:\d{2})$/.exec(time ?? '');
  const seconds = parts ? Date.parse(`${parts[1]}${parts[3]}`) / 1000 : Number.NaN;
  if (!parts || Number.isNaN(seconds)) return undefined;
  return String(BigInt(seconds) * 1_000_000_000n + BigInt((parts[2] ?? '').padEnd(9, '0')));
}

const timePlaces: readonly Path[] = [['stageTimestamp'], ['requestReceivedTimestamp']];

/** A field made of the time of the event: of its stage, else when the request came. */
function timeField(name: string, about: string, text: (nanos: string) => string): FieldDefinition {
  const texts = (values: readonly (JsonNode | undefined)[]): readonly string[] => {
    const nanos = values.map((value) => nanoseconds(textOfNode(value))).find((found) => found !== undefined);
    return nanos === undefined ? [] : [text(nanos)];
  };
  return { name, argument: 'none', isList: false, about, read: () => ({ isList: false, places: timePlaces, texts }) };
}

function constant(name: string, text: string, about: string): FieldDefinition {
  return { name, argument: 'none', isList: false, about, read: () => ({ isList: false, places: [], texts: () => [text] }) };
}

/** The engine's number of an event: here only what rules mean by "never" and "always", comparisons with 0. */
const numberField: FieldDefinition = {
  name: 'evt.num',
  argument: 'none',
  isList: false,
  about: 'the number of the event; compared with 0 only',
  read: () => ({ isList: false, places: [], texts: () => [] }),
};

const isoTime = (nanos: string): string => {
  const seconds = new Date(Number(BigInt(nanos) / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${nanos.slice(-9).padStart(9, '0')}Z`;
};

const prefixed = ['json', 'jevt'].flatMap((prefix): readonly FieldDefinition[] => [
  {
    name: `${prefix}.value`,
    argument: 'pointer',
    isList: false,
    about: 'the value at a JSON pointer',
    read: (pointer = '') => readPointer(pointer),
  },
  { name: `${prefix}.obj`, argument: 'none', isList: false, about: 'the whole event, indented', read: () => wholeEvent },
  timeField(`${prefix}.rawtime`, 'time of the event in nanoseconds', (nanos) => nanos),
]);

/** Fields of the json plugin, and those every event of Falco has, as far as an audit event can. */
export const jsonFields: readonly FieldDefinition[] = [
  ...prefixed,
  numberField,
  timeField('evt.rawtime', 'time of the event in nanoseconds', (nanos) => nanos),
  timeField('evt.rawtime.s', 'seconds of the time of the event', (nanos) => nanos.slice(0, -9) || '0'),
  timeField('evt.rawtime.ns', 'nanoseconds within the second', (nanos) => String(Number(nanos.slice(-9)))),
  timeField('evt.time.iso8601', 'time of the event', isoTime),
  timeField('evt.datetime', 'date and time of the event', (nanos) => isoTime(nanos).replace('T', ' ').slice(0, -1)),
  timeField('evt.time', 'time of day of the event', (nanos) => isoTime(nanos).slice(11, -1)),
  constant('evt.source', 'k8s_audit', 'the source of the event'),
  constant('evt.pluginname', 'k8saudit', 'the plugin the event comes from'),
  constant('evt.type', 'pluginevent', 'the type of every event of a plugin'),
];

/** Fields that stand for a moment or a place in the stream: every event has one, whether it says so or not. */
export const alwaysPresent: ReadonlySet<string> = new Set(
  jsonFields.filter(({ name }) => /rawtime|time|evt\.num/.test(name)).map(({ name }) => name),
);
