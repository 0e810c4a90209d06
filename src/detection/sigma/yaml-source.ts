import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap, type YAMLSeq } from 'yaml';
import { Fault, type Location } from '../../core/faults.ts';
import { yamlHint } from '../../core/yaml-hint.ts';
import { aliasTarget } from './yaml-aliases.ts';
import { isMergeKey, structureFaults } from './yaml-structure.ts';
import { documentsOf, type YamlTree } from './yaml-tree.ts';

/** A member of a map: its name, where the name stands, and the value. */
export interface Member {
  readonly name: string;
  readonly at: unknown;
  readonly value: unknown;
}

/** A YAML file of several documents that knows line and column of each node. Collects faults instead of stopping at the first. */
export class YamlSource {
  readonly file: string;
  readonly documents: readonly Document[];
  readonly faults: Fault[] = [];
  readonly #text: string;
  /** Offset of each line; made when a place is asked for. The library's own counter stops counting in damaged files. */
  #lines: readonly number[] | undefined;
  #current: Document | undefined;

  /** @param tree what the text was read to before, by the build */
  constructor(file: string, text: string, tree?: YamlTree) {
    this.file = file;
    this.#text = text;
    if (tree) {
      this.documents = documentsOf(tree);
      return;
    }
    const parsed = parseAllDocuments(text, { merge: true, prettyErrors: false });
    this.documents = Array.isArray(parsed) ? (parsed as Document[]) : [];
    for (const document of this.documents) {
      for (const error of [...document.errors, ...document.warnings]) {
        const location = this.#place(error.pos[0]);
        this.faults.push(new Fault(`not valid YAML: ${yamlHint(error.code)}`, { code: 'E_RULE_YAML', location }));
      }
      if (document.errors.length > 0) continue;
      for (const { node, message, remedy } of structureFaults(document)) this.fault(node, 'E_RULE_YAML', message, remedy);
    }
  }

  /** Aliases are looked up in this document from here on. */
  enter(document: Document): void {
    this.#current = document;
  }

  #place(offset: number): Location {
    this.#lines ??= [0, ...[...this.#text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const within = Math.max(0, Math.min(offset, this.#text.length));
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle] as number) <= within) low = middle;
      else high = middle;
    }
    return { file: this.file, line: low + 1, column: within - (this.#lines[low] as number) + 1 };
  }

  locationOf(node: unknown): Location {
    const range = (node as Node | null | undefined)?.range ?? this.#current?.contents?.range ?? this.#current?.range;
    return this.#place(range?.[0] ?? 0);
  }

  fault(node: unknown, code: string, message: string, remedy?: string): void {
    this.faults.push(new Fault(message, { code, location: this.locationOf(node), ...(remedy ? { remedy } : {}) }));
  }

  /** A fault at a character of a text; where the text is not written on one line, at its start. */
  faultWithin(node: unknown, at: number, code: string, message: string, remedy?: string): void {
    const target = this.resolve(node);
    const written = isScalar(target) && typeof target.value === 'string' ? target : undefined;
    const quote = written?.type === 'QUOTE_DOUBLE' || written?.type === 'QUOTE_SINGLE' ? 1 : 0;
    const [start, end] = [written?.range?.[0] ?? 0, written?.range?.[1] ?? 0];
    const isPlain = written !== undefined && end - start === String(written.value).length + 2 * quote;
    if (!isPlain) this.fault(node, code, message, remedy);
    else this.faults.push(new Fault(message, { code, location: this.#place(start + quote + at), ...(remedy ? { remedy } : {}) }));
  }

  /** The node behind an alias. */
  resolve(node: unknown): unknown {
    return isAlias(node) && this.#current ? aliasTarget(this.#current, node) : node;
  }

  map(node: unknown): YAMLMap | undefined {
    const target = this.resolve(node);
    return isMap(target) ? target : undefined;
  }

  sequence(node: unknown): YAMLSeq | undefined {
    const target = this.resolve(node);
    return isSeq(target) ? target : undefined;
  }

  /** Members of a map, those of merged maps (`<<`) after its own; a name that is there already is not merged. */
  members(map: YAMLMap): readonly Member[] {
    const own = map.items.filter((pair) => !isMergeKey(pair.key));
    const members = own.map(
      (pair): Member => ({ name: this.text(pair.key) ?? '', at: pair.key, value: this.resolve(pair.value) }),
    );
    const merged = map.items.filter((pair) => isMergeKey(pair.key)).flatMap((pair) => this.list(pair.value));
    const names = new Set(members.map(({ name }) => name));
    for (const member of merged.flatMap((node) => (isMap(node) ? this.members(node) : []))) {
      if (names.has(member.name)) continue;
      names.add(member.name);
      members.push(member);
    }
    return members;
  }

  /** The items of a list, or the node itself as the only one. */
  list(node: unknown): readonly unknown[] {
    const sequence = this.sequence(node);
    return sequence ? sequence.items.map((item) => this.resolve(item)) : [this.resolve(node)];
  }

  /** A scalar as written: `1.20` and `true` keep their spelling. Undefined for null, maps and lists. */
  text(node: unknown): string | undefined {
    const target = this.resolve(node);
    if (!isScalar(target) || target.value === null || target.value === undefined) return undefined;
    if (typeof target.value === 'string') return target.value;
    return target.source ?? String(target.value);
  }

  isNull(node: unknown): boolean {
    const target = this.resolve(node);
    return target === null || target === undefined || (isScalar(target) && target.value === null);
  }

  /** Plain data of a node, aliases and merge keys resolved: the parser's own way walks the document for each merge key. */
  data(node: unknown): unknown {
    const target = this.resolve(node);
    if (isMap(target)) return Object.fromEntries(this.members(target).map(({ name, value }) => [name, this.data(value)]));
    if (isSeq(target)) return target.items.map((item) => this.data(item));
    return isScalar(target) ? target.value : undefined;
  }
}
