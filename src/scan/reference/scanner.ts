import { limits } from '../../core/limits.ts';
import { stubReasons } from '../../core/tile.ts';
import type { Plan } from '../plan.ts';
import type { MaskTexts } from '../ports.ts';
import type { Scanner, ScanResult } from '../scanner.ts';
import type { Kernel } from '../simd/kernel.ts';
import { Arguments } from './arguments.ts';
import { CandidateList } from './candidate-list.ts';
import { ExtractList } from './extract-list.ts';
import { LeafMasker } from './leaf-masker.ts';
import { PatternSearch } from './pattern-search.ts';
import { TextDocument } from './text-document.ts';
import { UriReader } from './uri.ts';
import { ValueActions } from './value-actions.ts';
import { Walker } from './walker.ts';

/** Documents kept for reuse; an event with more makes new ones. */
const keptDocuments = 64;

/** The plain TypeScript scanner: reads one event in one pass and says what to replace. The oracle for any other. */
export class ReferenceScanner implements Scanner, ScanResult {
  readonly extracts = new ExtractList();
  readonly counts: Uint32Array;
  readonly #plan: Plan;
  readonly #walker: Walker;
  readonly #patterns: PatternSearch;
  readonly #leaves: LeafMasker;
  readonly #documents: TextDocument[] = [];
  #used = 0;

  readonly #candidates: CandidateList | undefined;

  constructor(plan: Plan, texts: MaskTexts, seed: number, kernel: Kernel | undefined) {
    this.#plan = plan;
    this.counts = new Uint32Array(plan.maskRules.length);
    this.#walker = new Walker(plan, seed);
    this.#candidates = kernel && new CandidateList(plan, kernel, this.#walker.finder);
    this.#patterns = new PatternSearch(plan, texts);
    const leaves = new LeafMasker(plan, texts);
    this.#leaves = leaves;
    const args = new Arguments(this.#walker.keys.table, leaves);
    const host = { decode: this.#child, search: this.#search };
    const uris = new UriReader(this.#walker.keys.table, leaves, args, host);
    this.#walker.visitor = new ValueActions(plan, this.#walker, {
      extracts: this.extracts,
      leaves,
      args,
      uris,
      patterns: this.#patterns,
      child: this.#child,
      searchText: this.#search,
      nest: this.#nest,
    });
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
    return (this.#documents[0] as TextDocument).edits;
  }

  scan(bytes: Uint8Array, start: number, end: number): ScanResult {
    this.#walker.beginEvent();
    this.#leaves.beginEvent();
    this.#patterns.forgedMask = false;
    this.extracts.begin(bytes);
    this.counts.fill(0);
    for (let i = 0; i < this.#used; i++) (this.#documents[i] as TextDocument).trim();
    this.#used = 0;
    if (this.#documents.length > keptDocuments) this.#documents.length = keptDocuments;
    this.#walker.candidates = this.#candidates?.list(bytes, start, end) ? this.#candidates : undefined;
    const event = this.#document();
    event.reset(undefined, 'root', bytes, start, end);
    if (this.#walker.read(event, this.#plan.automaton.start)) this.#settle();
    return this;
  }

  /** Carries the edits of inner documents out, innermost first, and counts what is left of them. */
  #settle(): void {
    for (let i = this.#used - 1; i >= 0; i--) {
      const document = this.#documents[i] as TextDocument;
      const { edits, parent } = document;
      if (edits.count === 0) continue;
      edits.settle();
      for (let k = 0; k < edits.count; k++) {
        const rule = edits.rules[k] as number;
        if (rule >= 0) this.counts[rule] = (this.counts[rule] as number) + 1;
        if (!parent) continue;
        const [from, to] = [document.toParent(edits.starts[k] as number), document.toParent(edits.ends[k] as number)];
        parent.edits.add(from, to, document.spell(edits.texts[k] as Uint8Array), -1, 0);
      }
    }
  }

  #document(): TextDocument {
    const document = this.#documents[this.#used] ?? new TextDocument();
    this.#documents[this.#used++] = document;
    return document;
  }

  readonly #child = (parent: TextDocument, spelling: 'json' | 'percent', start: number, end: number): TextDocument => {
    const document = this.#document();
    document.decode(parent, spelling, start, end);
    return document;
  };

  readonly #search = (document: TextDocument, start: number, end: number): void => {
    this.#walker.finder.search(document.bytes, start, end);
    this.#patterns.search(document, start, end, this.#walker.finder);
  };

  #level = 0;

  /** Tries to read decoded text as a JSON document in the same state; false where it is none, with nothing left of the try. */
  readonly #nest = (document: TextDocument): boolean => {
    if (this.#level === limits.nestedDocuments) {
      this.#walker.fault = stubReasons.indexOf('too-deep');
      return false;
    }
    const used = this.#used;
    const { repeatedKeys } = this.#walker;
    this.#level++;
    const ok = this.#walker.read(document, this.#walker.state);
    this.#level--;
    if (ok) return true;
    this.#walker.repeatedKeys = repeatedKeys;
    document.edits.clear();
    for (let i = used; i < this.#used; i++) (this.#documents[i] as TextDocument).edits.clear();
    this.#used = used;
    return false;
  };
}
