import { type Document, isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { aliasTarget } from './yaml-aliases.ts';

type Value = string | number | boolean | null;
/** Where a node begins and ends, its value, how it is quoted, and how it was written where that is not the value. */
type ScalarTree = readonly [kind: 's', start: number, end: number, value: Value, type: string, source?: string];
/** Names and values in turn. */
type MapTree = readonly [kind: 'm', start: number, members: readonly NodeTree[]];
type ListTree = readonly [kind: 'l', start: number, items: readonly NodeTree[]];
type NodeTree = ScalarTree | MapTree | ListTree | null;

/** The documents of a file as plain data: what the build keeps of the shipped rules, so that starting parses no YAML. */
export type YamlTree = readonly NodeTree[];

/**
 * @param leftOut members at the top that are not kept
 * @returns undefined where a document holds what plain data has no word for: merge keys, tags, faults
 */
export function treeOf(documents: readonly Document[], leftOut: readonly string[]): YamlTree | undefined {
  try {
    return documents.map((document) => {
      if (document.errors.length + document.warnings.length > 0) throw new TypeError('faults');
      return writeNode(document, document.contents, leftOut);
    });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function writeNode(document: Document, node: unknown, leftOut: readonly string[] = []): NodeTree {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return writeNode(document, aliasTarget(document, node));
  if (isScalar(node) && isPlain(node)) {
    const [start = 0, end = 0] = node.range ?? [];
    const { value, type = 'PLAIN', source = '' } = node;
    return typeof value === 'string' ? ['s', start, end, value, type] : ['s', start, end, value as Value, type, source];
  }
  if (isMap(node) && node.tag === undefined) {
    const kept = node.items.filter((pair) => !(isScalar(pair.key) && leftOut.includes(String(pair.key.value))));
    const members = kept.flatMap((pair) => [writeNode(document, pair.key), writeNode(document, pair.value)]);
    return ['m', node.range?.[0] ?? 0, members];
  }
  if (isSeq(node) && node.tag === undefined)
    return ['l', node.range?.[0] ?? 0, node.items.map((item) => writeNode(document, item))];
  throw new TypeError('not plain data');
}

const isPlain = ({ value, tag }: Scalar): boolean =>
  tag === undefined && (value === null || ['string', 'number', 'boolean'].includes(typeof value));

/** The documents again, as far as rules are read from them. */
export function documentsOf(tree: YamlTree): readonly Document[] {
  return tree.map((node) => {
    const contents = readNode(node);
    return { contents, range: contents?.range, errors: [], warnings: [] } as unknown as Document;
  });
}

function readNode(node: NodeTree): Scalar | YAMLMap | YAMLSeq | null {
  if (node === null) return null;
  if (node[0] === 's') {
    const [, start, end, value, type, source] = node;
    const scalar = Object.assign(new Scalar(value), { range: [start, end, end], type: type as Scalar.Type });
    return source === undefined ? scalar : Object.assign(scalar, { source });
  }
  if (node[0] === 'l') {
    const list = new YAMLSeq();
    list.items = node[2].map(readNode);
    return Object.assign(list, { range: [node[1], node[1], node[1]] });
  }
  const map = new YAMLMap();
  const members = node[2];
  for (let i = 0; i < members.length; i += 2)
    map.items.push(new Pair(readNode(members[i] ?? null), readNode(members[i + 1] ?? null)));
  return Object.assign(map, { range: [node[1], node[1], node[1]] });
}
