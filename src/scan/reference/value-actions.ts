import { valueTypes } from '../../core/extracts.ts';
import { limits } from '../../core/limits.ts';
import { checkedPattern, type Pattern } from '../pattern.ts';
import type { Plan, PlanAction } from '../plan.ts';
import { meetings } from '../simd/kernel-layout.ts';
import { type ActionTables, actionTables, type PlaceAction } from './action-tables.ts';
import type { Arguments } from './arguments.ts';
import type { ExtractList } from './extract-list.ts';
import { byName, type LeafMasker } from './leaf-masker.ts';
import { unconditional } from './objects.ts';
import { type OpenRegion, releases } from './open-region.ts';
import { isPlainText } from './plain-text.ts';
import { PredicateTests } from './predicate-tests.ts';
import { plainEnd } from './string-end.ts';
import { type EffectsParts, StringMemo } from './string-memo.ts';
import type { TextDocument } from './text-document.ts';
import type { UriReader } from './uri.ts';
import { ValueMasks } from './value-masks.ts';
import type { ValueVisitor } from './value-visitor.ts';
import type { Walker } from './walker.ts';

export interface ValueParts extends EffectsParts {
  readonly extracts: ExtractList;
  readonly leaves: LeafMasker;
  readonly args: Arguments;
  readonly uris: UriReader;
}

type MaskAction = Extract<PlanAction, { readonly type: 'mask' }>;
type TestAction = Extract<PlanAction, { readonly type: 'test' }>;

/** Does with each value what the plan's actions for its state say, then what its text gives rise to. */
export class ValueActions implements ValueVisitor {
  readonly #plan: Plan;
  readonly #walker: Walker;
  readonly #parts: ValueParts;
  readonly #tables: ActionTables;
  readonly #memo: StringMemo;
  readonly #masks: ValueMasks;
  readonly #predicates: PredicateTests;
  readonly #keeps = new Map<string, Pattern>();
  readonly #regions: OpenRegion[] = [];
  /** Depth of a container that is masked whole for certain: what its strings hold need not be looked at. */
  #covered = Number.POSITIVE_INFINITY;

  constructor(plan: Plan, walker: Walker, parts: ValueParts) {
    this.#plan = plan;
    this.#walker = walker;
    this.#parts = parts;
    this.#memo = new StringMemo(walker, parts);
    this.#masks = new ValueMasks(walker.objects, parts.leaves);
    this.#tables = actionTables(plan);
    this.#predicates = new PredicateTests(plan, walker.keys.table);
    for (const action of plan.actions) {
      if (action.type === 'keep' && action.only !== undefined) this.#keeps.set(action.only, checkedPattern(action.only));
    }
  }

  /** To be called before an event is read. */
  beginEvent(): void {
    this.#memo.beginEvent();
  }

  string(start: number, end: number, escaped: boolean, met: number): void {
    const { document, depth } = this.#walker;
    const opaque = this.#placed(start, end, escaped);
    if (this.#remembered(document, start, end, escaped, depth > this.#covered, met) && opaque)
      this.#opaque(document, start, end, opaque);
  }

  known(start: number, end: number, escaped: boolean, number: number): void {
    const { document, depth, finder } = this.#walker;
    const opaque = this.#placed(start, end, escaped);
    const covered = depth > this.#covered;
    let isText = covered ? undefined : this.#memo.replayKnown(number, document, start, end);
    if (isText === undefined) {
      finder.beginValue(start);
      if (!escaped) finder.search(document.bytes, start, end);
      isText = this.#remembered(document, start, end, escaped, covered, meetings.unsaid);
    }
    if (opaque && isText) this.#opaque(document, start, end, opaque);
  }

  /** What the place of a string asks for. @returns a mask that is for texts only */
  #placed(start: number, end: number, escaped: boolean): MaskAction | undefined {
    const { document, state, classes, objects } = this.#walker;
    if (classes !== 0) this.#nameMasks(start - 1, end + 1);
    const atPlace = this.#tables.atPlace[state] as readonly PlaceAction[];
    let opaque: MaskAction | undefined;
    for (let i = 0; i < atPlace.length; i++) {
      const action = atPlace[i] as PlaceAction;
      switch (action.type) {
        case 'extract':
          if (this.#notes(document))
            this.#parts.extracts.add(action.field, escaped ? valueTypes.escaped : valueTypes.string, start, end);
          break;
        case 'masks':
          if (this.#masksHere()) this.#masks.wait(document, start - 1, end + 1, action.masks, objects.count - action.depth);
          break;
        case 'mask':
          if (action.opaque) opaque = action;
          else if (this.#masksHere())
            this.#masks.submit(document, start - 1, end + 1, action.rule, objects.count - action.depth, action.conditions);
          break;
        case 'spare':
          document.spare(start, action.rule);
          break;
        case 'release':
          document.edits.release(start - 1, end + 1);
          break;
        default:
      }
    }
    return opaque;
  }

  /** Fields are those of the event itself, and a tape has them noted already. */
  #notes(document: TextDocument): boolean {
    return document.parent === undefined && this.#walker.tape?.document !== document;
  }

  #opaque(document: TextDocument, start: number, end: number, { rule, depth, conditions }: MaskAction): void {
    if (this.#masksHere()) this.#masks.submit(document, start - 1, end + 1, rule, this.#walker.objects.count - depth, conditions);
  }

  /** `#read`, or what it did with the same string before, where it has been met before. */
  #remembered(document: TextDocument, start: number, end: number, escaped: boolean, covered: boolean, met: number): boolean {
    const { state, finder, tables } = this.#walker;
    const fires = escaped || finder.hitCount > 0;
    const byText = this.#tables.byText[state] as readonly PlanAction[];
    if (byText.length === 0 && (covered || end === start)) return false;
    if (!fires && tables.keeps[state] === 1 && isPlainText(tables, document.bytes, start, end)) return false;
    const tag =
      met === meetings.first || (byText.length === 0 && !fires && end - start < limits.encodedBytes)
        ? undefined
        : this.#memo.tag(document, end - start, covered);
    if (tag === undefined) return this.#read(document, start, end, escaped, covered, byText);
    const hash = this.#memo.hash(document, start, end, tag);
    const known = this.#memo.replay(hash, document, start, end, tag);
    if (known !== undefined) return known;
    if (met !== meetings.again && this.#memo.isNew(hash)) return this.#read(document, start, end, escaped, covered, byText);
    const mark = this.#memo.begin(document);
    const isText = this.#read(document, start, end, escaped, covered, byText);
    this.#memo.end(mark, hash, document, start, end, tag, isText);
    return isText;
  }

  /** Does what depends on the text alone. True where it was looked at and is no document of its own. */
  #read(
    document: TextDocument,
    start: number,
    end: number,
    escaped: boolean,
    covered: boolean,
    byText: readonly PlanAction[],
  ): boolean {
    const inner = escaped ? this.#decoded(document, start, end) : undefined;
    const text = inner ?? document;
    const from = inner ? 0 : start;
    const to = inner ? inner.end : end;
    let searched = end === start;
    for (let i = 0; i < byText.length; i++) {
      const action = byText[i] as PlanAction;
      switch (action.type) {
        case 'test':
          this.#test(action, text.bytes, from, to);
          break;
        case 'keep':
          if (action.only === undefined || this.#keeps.get(action.only)?.test(text.bytes.subarray(from, to))) searched = true;
          break;
        case 'arguments':
          if (!this.#walker.inArray) this.#parts.args.line(text, from, to, action.command);
          break;
        case 'uri':
          if (this.#isInnerRoot()) break;
          this.#parts.uris.read(text, from, to, action);
          searched = true;
          break;
        default:
      }
    }
    if (searched || covered) return false;
    // No action took care of it. The finder holds its hits where it has no escapes.
    const { texts } = this.#parts;
    return !(inner ? texts.text(inner) : texts.contents(document, start, end));
  }

  name(start: number, end: number): void {
    const { document, finder } = this.#walker;
    const escaped = plainEnd(document.bytes, start, end) !== end;
    const text = escaped ? this.#decoded(document, start, end) : document;
    const [from, to] = escaped ? [0, text.end] : [start, end];
    finder.search(text.bytes, from, to);
    this.#parts.patterns.search(text, from, to, finder);
  }

  scalar(type: number, start: number, end: number): void {
    const { document, state, classes } = this.#walker;
    const isNumber = type === valueTypes.number;
    if (classes !== 0 && isNumber) this.#nameMasks(start, end);
    for (const action of this.#tables.actions[state] as readonly PlanAction[]) {
      if (action.type === 'extract') {
        if (this.#notes(document)) this.#parts.extracts.add(action.field, type, start, end);
      } else if (action.type === 'mask' && isNumber && this.#masksHere()) {
        this.#masks.submit(document, start, end, action.rule, this.#walker.objects.count - action.depth, action.conditions);
      } else if (action.type === 'test') this.#test(action, document.bytes, start, end);
      else if (action.type === 'release') document.edits.release(start, end);
    }
  }

  open(isObject: boolean, start: number): void {
    const { document, state, classes, depth, objects } = this.#walker;
    if (depth === 0) {
      this.#regions.length = 0;
      this.#covered = Number.POSITIVE_INFINITY;
    }
    if (!isObject) this.#parts.args.list(document, start);
    const actions = this.#tables.actions[state] as readonly PlanAction[];
    if (actions.length === 0 && classes === 0) return;
    if (classes !== 0) {
      for (const rule of this.#rulesOf(classes, false)) {
        this.#regions.push({ depth, start, mask: { rule, object: 0, conditions: unconditional }, extract: -1 });
      }
    }
    for (const action of actions) {
      if (action.type === 'extract') {
        if (!this.#notes(document)) continue;
        const type = isObject ? valueTypes.object : valueTypes.array;
        const extract = this.#parts.extracts.add(action.field, type, start, start);
        this.#regions.push({ depth, start, mask: undefined, extract });
      } else if (action.type === 'mask' && !action.opaque && this.#masksHere()) {
        const { rule, conditions } = action;
        if (this.#tables.isWhole[rule] && depth < this.#covered && objects.isCertain(conditions, objects.count - action.depth))
          this.#covered = depth;
        this.#regions.push({ depth, start, mask: { rule, object: objects.count - action.depth, conditions }, extract: -1 });
      } else if (action.type === 'release') this.#regions.push({ depth, start, mask: undefined, extract: releases });
      else if (action.type === 'test') this.#present(action.predicate, action.depth);
      else if (action.type === 'arguments' && !isObject) this.#parts.args.listAt(document, start, action.command, depth);
    }
  }

  close(isObject: boolean, end: number): void {
    const { depth, objects, document } = this.#walker;
    if (isObject) objects.close(document, end, this.#masks.confirm);
    this.#parts.args.close(depth);
    if (depth === this.#covered) this.#covered = Number.POSITIVE_INFINITY;
    if (this.#regions.length === 0) return;
    for (let last = this.#regions.at(-1); last !== undefined && last.depth === depth; last = this.#regions.at(-1)) {
      this.#regions.pop();
      if (last.mask) this.#masks.submit(document, last.start, end, last.mask.rule, last.mask.object, last.mask.conditions);
      else if (last.extract === releases) document.edits.release(last.start, end);
      else this.#parts.extracts.ends[last.extract] = end;
    }
  }

  #decoded(document: TextDocument, start: number, end: number): TextDocument {
    return this.#parts.documents.child(document, 'json', start, end);
  }

  /** Tries to read a text as a document; regions that it opened are closed where it is none. */
  nest(document: TextDocument, read: (document: TextDocument) => boolean): boolean {
    const [regions, covered] = [this.#regions.length, this.#covered];
    if (read(document)) return true;
    this.#regions.length = regions;
    this.#covered = covered;
    return false;
  }

  /** Elements of a list and the root of an inner document are covered by what was decided for the whole. */
  #masksHere = (): boolean => !this.#walker.inArray && !this.#isInnerRoot();

  #isInnerRoot = (): boolean => this.#walker.atRoot && this.#walker.document.parent !== undefined;

  /** `scalar`: for a string or number; else for a container, which only some rules mask. */
  #rulesOf(classes: number, scalar: boolean): number[] {
    return this.#plan.nameClasses.flatMap((one, i) =>
      classes & (1 << i) && one.rule !== undefined && (scalar || !one.scalars) ? [one.rule] : [],
    );
  }

  #test({ predicate, depth }: TestAction, bytes: Uint8Array, start: number, end: number): void {
    if (this.#predicates.test(predicate, bytes, start, end)) this.#walker.objects.fulfil(predicate, depth);
  }

  /** A list or object fulfils only predicates that ask whether the member is there. */
  #present(predicate: number, depth: number): void {
    if (this.#plan.predicates[predicate]?.type === 'present') this.#walker.objects.fulfil(predicate, depth);
  }

  #nameMasks(start: number, end: number): void {
    for (const rule of this.#rulesOf(this.#walker.classes, true))
      this.#parts.leaves.mask(this.#walker.document, start, end, rule, byName);
  }
}
