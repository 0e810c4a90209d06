import { KeyTable } from './key-table.ts';
import { endOfString, malformed, plainEnd } from './string-end.ts';
import { TextDocument } from './text-document.ts';

/** Entry of a name that the table does not remember. */
const unknownEntry = -1;

/** Reads member names: what they are to the automaton, which classes they belong to, and a number to recognise repeats by. */
export class KeyReader {
  symbol = 0;
  classes = 0;
  /** The same for the same name of one event. */
  identity = 0;
  /** A pattern may find something in the name itself. */
  searched = false;
  /** It was written with escapes that it does not need, or longer ones than it needs: other bytes may spell the same name. */
  respelled = false;
  readonly table: KeyTable;
  readonly #name = new TextDocument();
  /** By entry: the name that came after it last time. Objects of one kind have their members in one order. */
  readonly #successors: Int32Array;
  #last = 0;

  constructor(table: KeyTable) {
    this.table = table;
    this.#successors = new Int32Array(table.capacity).fill(unknownEntry);
  }

  /** Entries have been forgotten: guesses from before would name others. */
  forget(): void {
    this.#successors.fill(unknownEntry);
    this.#last = 0;
  }

  /** Reads the name that starts at `start`, after its quote. Returns the index of the closing quote, `malformed` or `notUtf8`. */
  read(document: TextDocument, start: number, limit: number): number {
    const { bytes } = document;
    this.respelled = false;
    const guess = this.#successors[this.#last] as number;
    if (guess >= 0) {
      const end = this.table.matches(guess, bytes, start, limit);
      if (end >= 0) {
        this.#take(guess);
        return end;
      }
    }
    let hash = this.table.seed;
    let at = start;
    for (; at < limit; at++) {
      const byte = bytes[at] as number;
      if (byte === 34 || byte === 92 || byte < 32 || byte >= 128) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (at < limit && bytes[at] === 34) {
      this.#look(bytes, start, at, hash);
      return at;
    }
    const end = endOfString(bytes, at, limit);
    if (end < 0) return end;
    this.#name.decode(document, 'json', start, end);
    const { bytes: name, end: length } = this.#name;
    this.respelled = length !== end - start && isRespelled(name, length, end - start);
    this.#look(name, 0, length, this.table.hash(name, 0, length));
    return end === limit ? malformed : end;
  }

  /** Of a name that was `respelled`: see `NameReader`. */
  get spelling(): Uint8Array {
    return shortSpelling(this.#name.bytes, this.#name.end);
  }

  #look(bytes: Uint8Array, start: number, end: number, hash: number): void {
    const entry = this.table.find(bytes, start, end, hash);
    if (entry >= 0) {
      this.#successors[this.#last] = entry;
      this.#take(entry);
      return;
    }
    this.symbol = KeyTable.otherSymbol;
    this.classes = this.table.classify(bytes, start, end);
    this.searched = this.table.isSearched(bytes, start, end);
    this.identity = hash | 0x80000000;
  }

  #take(entry: number): void {
    this.#last = entry;
    this.symbol = this.table.symbols[entry] as number;
    this.classes = this.table.classes[entry] as number;
    this.searched = this.table.isSearchedEntry(entry);
    this.identity = entry;
  }
}

/**
 * A name of `length` bytes, written with escapes in `written` bytes, needs none of them, or holds quotes and backslashes and is not
 * written with short escapes for these alone.
 */
function isRespelled(name: Uint8Array, length: number, written: number): boolean {
  let escapes = 0;
  for (let at = 0; at < length; at++) if (name[at] === 34 || name[at] === 92) escapes++;
  return escapes > 0 ? written !== length + escapes : plainEnd(name, 0, length) === length;
}

/** A name as JSON writes it with escapes for quotes and backslashes alone, and its closing quote; empty where it holds control characters. */
function shortSpelling(name: Uint8Array, length: number): Uint8Array {
  const written: number[] = [];
  for (let at = 0; at < length; at++) {
    const byte = name[at] as number;
    if (byte < 32) return nothing;
    if (byte === 34 || byte === 92) written.push(92);
    written.push(byte);
  }
  return Uint8Array.from([...written, 34]);
}

const nothing = new Uint8Array(0);
