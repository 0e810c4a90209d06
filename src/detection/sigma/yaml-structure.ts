import { type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { limits } from '../../core/limits.ts';
import { aliasTarget } from './yaml-aliases.ts';

/** Something about the structure of a document that the parser lets pass. */
export interface StructureFault {
  readonly node: unknown;
  readonly message: string;
  readonly remedy: string;
}

/** Whether a key is the merge key `<<`, not the quoted text. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

/** Walks what a document means, aliases followed, and how much that is. */
class Structure {
  readonly #document: Document;
  /** Nodes that a node stands for, aliases followed; -1 while it is being walked. */
  readonly #sizes = new Map<unknown, number>();
  readonly faults: StructureFault[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  size(node: unknown): number {
    if (isAlias(node)) return this.#aliasSize(node);
    if (!isCollection(node)) return 1;
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    this.#sizes.set(node, -1);
    let size = 1;
    for (const item of node.items) size += isPair(item) ? this.#pairSize(item) : this.size(item);
    this.#sizes.set(node, size);
    return size;
  }

  #aliasSize(node: Node): number {
    const target = isAlias(node) ? aliasTarget(this.#document, node) : undefined;
    const name = isAlias(node) ? node.source : '';
    if (!target) this.#fault(node, `there is no anchor &${name} before this`, `Write &${name} before what is meant.`);
    const size = target ? this.size(target) : 1;
    if (size >= 0) return size;
    this.#fault(node, `*${name} stands inside of what it names`, 'Nothing can hold itself.');
    return 1;
  }

  #pairSize({ key, value }: Pair): number {
    if (isMergeKey(key)) this.#checkMerge(key, value);
    else if (!isScalar(key) && !isAlias(key)) this.#fault(key ?? value, 'a key must be a text', 'Write it in quotes.');
    return this.size(value);
  }

  #checkMerge(key: unknown, value: unknown): void {
    const resolved = (node: unknown): unknown => (isAlias(node) ? aliasTarget(this.#document, node) : node);
    const target = resolved(value);
    const parts = isSeq(target) ? target.items.map(resolved) : [target];
    if (!parts.every(isMap))
      this.#fault(key, '"<<" takes in maps, and this is none', 'Write <<: *name of a map, or "<<" in quotes for a key.');
  }

  #fault(node: unknown, message: string, remedy: string): void {
    this.faults.push({ node, message, remedy });
  }
}

/**
 * What a parsed document gets wrong in its structure: aliases of nothing or of themselves, merge keys of no map, keys that
 * are no texts, and aliases that multiply until nobody could read it.
 */
export function structureFaults(document: Document): readonly StructureFault[] {
  const structure = new Structure(document);
  const size = structure.size(document.contents);
  if (size > limits.ruleFileNodes)
    structure.faults.push({
      node: document.contents,
      message: `its aliases stand for ${size} nodes, more than ${limits.ruleFileNodes}`,
      remedy: 'Use fewer aliases, or several files.',
    });
  return structure.faults;
}
