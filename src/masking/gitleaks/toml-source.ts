import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { Fault, Faults } from '../../core/faults.ts';

/** Path of a value: keys in lower case, as gitleaks compares them, and indexes of tables. */
export type TomlPath = readonly (string | number)[];

/** A table with its keys in lower case. */
export type TomlTable = Readonly<Record<string, unknown>>;

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A TOML file (1.0) and where its values stand. */
export class TomlSource {
  readonly file: string;
  readonly root: TomlTable;
  readonly #places = new Map<string, Place>();

  /** @throws Faults E_GITLEAKS_TOML */
  constructor(file: string, text: string) {
    this.file = file;
    const program = parse(file, text);
    this.root = lowerKeys(getStaticTOMLValue(program)) as TomlTable;
    for (const node of program.body[0].body) this.#visit(node, []);
  }

  /** Where the value's key stands, or that of the nearest table around it. */
  place(path: TomlPath): Place {
    for (let length = path.length; length > 0; length--) {
      const place = this.#places.get(JSON.stringify(path.slice(0, length)));
      if (place) return place;
    }
    return { line: 1, column: 1 };
  }

  fault(path: TomlPath, code: string, message: string, remedy: string): Fault {
    return new Fault(message, { code, remedy, location: { file: this.file, ...this.place(path) } });
  }

  #visit(node: AST.TOMLTable | AST.TOMLKeyValue, around: TomlPath): void {
    if (node.type === 'TOMLTable') {
      const path = node.resolvedKey.map(lower);
      this.#note(path, node.loc.start);
      for (const inner of node.body) this.#visit(inner, path);
      return;
    }
    const path = [...around, ...node.key.keys.map((key) => lower(key.type === 'TOMLBare' ? key.name : key.value))];
    this.#note(path, node.loc.start);
    this.#visitValue(node.value, path);
  }

  #visitValue(node: AST.TOMLContentNode, path: TomlPath): void {
    if (node.type === 'TOMLInlineTable') for (const inner of node.body) this.#visit(inner, path);
    if (node.type !== 'TOMLArray') return;
    node.elements.forEach((element, i) => {
      this.#note([...path, i], element.loc.start);
      this.#visitValue(element, [...path, i]);
    });
  }

  #note(path: TomlPath, { line, column }: { readonly line: number; readonly column: number }): void {
    const key = JSON.stringify(path);
    if (!this.#places.has(key)) this.#places.set(key, { line, column: column + 1 });
  }
}

function parse(file: string, text: string): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const location = { file, line: error.lineNumber, column: error.column + 1 };
    const remedy = "Put expressions in ''' … ''': there nothing is an escape.";
    throw new Faults([
      new Fault(`not valid TOML: ${error.message.toLowerCase()}`, { code: 'E_GITLEAKS_TOML', remedy, location }),
    ]);
  }
}

function lower(key: string | number): string | number {
  return typeof key === 'string' ? key.toLowerCase() : key;
}

function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerKeys(inner)]));
}
