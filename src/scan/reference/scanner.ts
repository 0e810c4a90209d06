import { limits } from '../../core/limits.ts';
import { stubReasons } from '../../core/tile.ts';
import type { Plan } from '../plan.ts';
import type { Codecs, MaskTexts } from '../ports.ts';
import type { Scanner, ScanResult } from '../scanner.ts';
import type { Kernel } from '../simd/kernel.ts';
import { TapeReader } from '../simd/tape-reader.ts';
import { Arguments } from './arguments.ts';
import { Documents } from './documents.ts';
import { ExtractList } from './extract-list.ts';
import { LeafMasker } from './leaf-masker.ts';
import { PatternSearch } from './pattern-search.ts';
import type { TextDocument } from './text-document.ts';
import { TextReader } from './text-reader.ts';
import { UriReader } from './uri.ts';
import { ValueActions } from './value-actions.ts';
import { Walker } from './walker.ts';

/** The plain TypeScript scanner: reads one event in one pass and says what to replace. The oracle for any other. */
export class ReferenceScanner implements Scanner, ScanResult {
  readonly extracts = new ExtractList();
  readonly counts: Uint32Array;
  readonly #plan: Plan;
  readonly #walker: Walker;
  readonly #patterns: PatternSearch;
  readonly #documents = new Documents();
  readonly #reader: TextReader;
  readonly #actions: ValueActions;

  constructor(plan: Plan, texts: MaskTexts, seed: number, kernel: Kernel | undefined, codecs: Codecs | undefined) {
    this.#plan = plan;
    this.counts = new Uint32Array(plan.maskRules.length);
    this.#walker = new Walker(plan, seed);
    this.#walker.tape = kernel && new TapeReader(plan, kernel, this.#walker, this.extracts);
    this.#patterns = new PatternSearch(plan, texts, seed);
    const leaves = new LeafMasker(plan, texts, seed);
    const keys = this.#walker.keys.table;
    const { finder } = this.#walker;
    // Names repeat in every event: only those in which something is found are searched each time.
    keys.isSearched = (name, start, end) => finder.fires(name, start, end, () => this.#patterns.finds(name, start, end, finder));
    const args = new Arguments(plan, keys, leaves, this.#documents);
    const nest = (document: TextDocument): boolean => actions.nest(document, this.#nest);
    const parts = { documents: this.#documents, patterns: this.#patterns, args, texts, codecs, nest };
    this.#reader = new TextReader(plan, this.#walker, parts);
    const text = (one: TextDocument): void => void this.#reader.text(one);
    const uris = new UriReader({ keys, leaves, args, documents: this.#documents, text });
    const actions = new ValueActions(plan, this.#walker, {
      extracts: this.extracts,
      leaves,
      args,
      uris,
      documents: this.#documents,
      patterns: this.#patterns,
      texts: this.#reader,
    });
    this.#walker.visitor = actions;
    this.#actions = actions;
  }

  get fault(): number {
    return this.#walker.fault;
  }

  get repeatedKeys(): boolean {
    return this.#walker.repeatedKeys;
  }

  get forgedMask(): boolean {
    return this.#patterns.forgedMask;
  }

  get edits(): TextDocument['edits'] {
    return this.#documents.event.edits;
  }

  /** Tells of each text of an event whose edits are settled, innermost first, before they are carried out: what was masked where. */
  observe(observer: (document: TextDocument) => void): void {
    this.#documents.observer = observer;
  }

  scan(bytes: Uint8Array, start: number, end: number): ScanResult {
    this.#walker.beginEvent();
    this.#reader.beginEvent();
    this.#actions.beginEvent();
    this.#patterns.forgedMask = false;
    this.extracts.begin(bytes);
    this.counts.fill(0);
    const event = this.#documents.begin(bytes, start, end);
    if (this.#walker.read(event, this.#plan.automaton.start)) this.#documents.settle(this.counts);
    return this;
  }

  #level = 0;

  /** Tries to read decoded text as a JSON document in the same state; false where it is none, with nothing left of the try. */
  readonly #nest = (document: TextDocument): boolean => {
    if (this.#level === limits.nestedDocuments) {
      this.#walker.fault = stubReasons.indexOf('too-deep');
      return false;
    }
    const { used } = this.#documents;
    const { repeatedKeys } = this.#walker;
    this.#level++;
    const ok = this.#walker.read(document, this.#walker.state);
    this.#level--;
    if (ok) return true;
    this.#walker.repeatedKeys = repeatedKeys;
    document.edits.clear();
    this.#documents.abandon(used);
    return false;
  };
}
