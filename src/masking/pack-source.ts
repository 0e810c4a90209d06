import { type Document, isScalar, LineCounter, parseDocument } from 'yaml';
import { Fault } from '../core/faults.ts';
import { yamlHint } from '../core/yaml-hint.ts';

export interface PackFile {
  readonly file: string;
  readonly text: string;
}

/** Path of a value in a pack file: member names and list indexes. */
export type YamlPath = readonly (string | number)[];

/** Where things stand in a pack file; makes faults with file, line and column. */
export class PackSource {
  readonly file: string;
  readonly document: Document;
  readonly #lines = new LineCounter();

  constructor({ file, text }: PackFile) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.#lines });
  }

  /** Line of the value at a path, or of the nearest thing around it that exists. */
  place(path: YamlPath): { readonly line: number; readonly column: number } {
    for (let length = path.length; length >= 0; length--) {
      const node = this.document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
      if (node?.range) return this.#at(node.range[0]!);
    }
    return { line: 1, column: 1 };
  }

  /** Place of a key rather than of its value. */
  placeOfKey(path: YamlPath, key: string): { readonly line: number; readonly column: number } {
    const parent = this.document.getIn(path, true) as { items?: readonly { key?: { range?: readonly number[] } }[] } | undefined;
    const item = parent?.items?.find((pair) => isScalar(pair.key) && pair.key.value === key);
    return item?.key?.range ? this.#at(item.key.range[0]!) : this.place(path);
  }

  fault(path: YamlPath, code: string, message: string, remedy: string): Fault {
    return new Fault(message, { code, remedy, location: { file: this.file, ...this.place(path) } });
  }

  syntaxFaults(code = 'E_PACK_YAML'): Fault[] {
    return this.document.errors.map(
      (error) =>
        new Fault(`not valid YAML: ${yamlHint(error.code)}`, {
          code,
          remedy: 'Put expressions in single quotes; a quote inside is written twice.',
          location: { file: this.file, ...this.#at(error.pos[0]) },
        }),
    );
  }

  #at(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}
