import { limits } from '../../core/limits.ts';
import type { KeyTable } from './key-table.ts';
import type { LeafMasker } from './leaf-masker.ts';
import type { TextDocument } from './text-document.ts';

/**
 * Command lines given as a list: masks the value of `--flag=value`, and the word after a lone `--flag`, where the
 * flag's name is of a class. One instance a scanner; state is kept per list.
 */
export class Arguments {
  readonly #keys: KeyTable;
  readonly #leaves: LeafMasker;
  /** By container depth: the rule by which the next word is to be masked, plus one; 0 where it is not. */
  readonly #next = new Uint16Array(limits.jsonDepth + 2);

  constructor(keys: KeyTable, leaves: LeafMasker) {
    this.#keys = keys;
    this.#leaves = leaves;
  }

  beginList(depth: number): void {
    this.#next[depth] = 0;
  }

  /** Looks at one word, which is decoded text. */
  word(document: TextDocument, start: number, end: number, depth: number, rule: number, nameClass: number): void {
    const { bytes } = document;
    const expected = (this.#next[depth] as number) - 1;
    this.#next[depth] = 0;
    if (bytes[start] !== 45) {
      if (expected >= 0) this.#leaves.text(document, start, end, expected);
      return;
    }
    const nameStart = bytes[start + 1] === 45 ? start + 2 : start + 1;
    let nameEnd = nameStart;
    while (nameEnd < end && isNameByte(bytes[nameEnd] as number)) nameEnd++;
    if (nameEnd - nameStart < 2 || (this.#keys.classesOf(bytes, nameStart, nameEnd) & (1 << nameClass)) === 0) return;
    if (nameEnd === end) this.#next[depth] = rule + 1;
    else if (bytes[nameEnd] === 61 || bytes[nameEnd] === 58) this.#leaves.text(document, nameEnd + 1, end, rule);
  }
}

function isNameByte(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    byte === 45 ||
    byte === 46 ||
    byte === 95
  );
}
