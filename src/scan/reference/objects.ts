import { limits } from '../../core/limits.ts';
import type { Plan, PlanConditions, PlanMembers } from '../plan.ts';
import type { TextDocument } from './text-document.ts';

const none: readonly number[] = [];
const maxObjects = limits.jsonDepth + 1;

/** Of masks by name, which depend on nothing else. */
export const unconditional: PlanConditions = { local: [], absent: [], event: [], eventAbsent: [] };

export function isUnconditional({ local, absent, event, eventAbsent }: PlanConditions): boolean {
  return local.length + absent.length + event.length + eventAbsent.length === 0;
}

/** A mask of a whole value under conditions. */
export interface ConditionalMask {
  readonly rule: number;
  readonly conditions: PlanConditions;
  /** Of a mask of all members: where it makes exceptions. */
  readonly except?: PlanMembers['except'];
  readonly anywhere?: boolean;
}

/** Masks of one value that wait for their conditions: members that decide may come after the value. */
export interface WaitingMasks {
  readonly document: TextDocument;
  /** The document's when the mask was submitted: it may hold another text by now. */
  readonly generation: number;
  readonly start: number;
  readonly end: number;
  readonly masks: readonly ConditionalMask[];
}

/** Called with a mask whose conditions hold, and the value it is for. */
export type Confirm = (value: WaitingMasks, mask: ConditionalMask) => void;

/** What `beginRecord` found and `endRecord` goes back to. */
export interface RecordMark {
  readonly inside: number;
  readonly asked: number;
  readonly from: number;
}

/**
 * The objects around the current value, outermost first, through documents in strings too. Each knows which
 * predicates its members have fulfilled, which audit event it belongs to, and which masks wait for it.
 */
export class Objects {
  /** Number of open objects. */
  count = 0;
  readonly states = new Uint16Array(maxObjects);
  readonly #events = new Uint16Array(maxObjects);
  readonly #words: number;
  readonly #bits: Int32Array;
  readonly #starts = new Uint32Array(maxObjects);
  /** By predicate: the masks of all members that it gives rise to; by object: those that it has. */
  readonly #wholes: readonly (readonly PlanMembers[] | undefined)[];
  readonly #pending: PlanMembers[][] = Array.from({ length: maxObjects }, () => []);
  readonly #waiting: WaitingMasks[][] = Array.from({ length: maxObjects }, () => []);
  readonly #eventRoots: Uint8Array;

  constructor(plan: Plan) {
    this.#words = Math.max(1, Math.ceil(plan.predicates.length / 32));
    this.#bits = new Int32Array(maxObjects * this.#words);
    this.#eventRoots = plan.automaton.eventRoots;
    this.#wholes = plan.predicates.map((_, predicate) => {
      const wholes = plan.members.filter((one) => one.predicate === predicate);
      return wholes.length === 0 ? undefined : wholes;
    });
  }

  beginEvent(): void {
    this.abandon(0);
    this.#inside = 0;
    this.#asked = Number.POSITIVE_INFINITY;
    this.#outside.length = 0;
  }

  open(state: number, start: number): void {
    const at = this.count++;
    this.#starts[at] = start;
    this.states[at] = state;
    this.#events[at] = this.#eventRoots[state] === 1 || at === 0 ? at : (this.#events[at - 1] as number);
    const from = at * this.#words;
    for (let word = 0; word < this.#words; word++) this.#bits[from + word] = 0;
  }

  /** Closes the innermost object, before `end`, and hands over the waiting masks whose conditions turned out to hold. */
  close(document: TextDocument, end: number, confirm: Confirm): void {
    const at = --this.count;
    const waiting = this.#waiting[at] as WaitingMasks[];
    const pending = this.#pending[at] as PlanMembers[];
    if (pending.length > 0) {
      const [start, { generation }] = [this.#starts[at] as number, document];
      waiting.push({ document, generation, start, end, masks: pending.slice() });
      pending.length = 0;
    }
    if (waiting.length === 0) return;
    for (let i = 0; i < waiting.length; i++) {
      const value = waiting[i] as WaitingMasks;
      for (let k = 0; k < value.masks.length; k++) this.#decide(value, value.masks[k] as ConditionalMask, at, confirm);
    }
    waiting.length = 0;
  }

  /** What becomes of a mask whose object closes: it is dropped, confirmed, or waits for the audit event around it. */
  #decide(value: WaitingMasks, mask: ConditionalMask, at: number, confirm: Confirm): void {
    const { local, absent, event: ofEvent, eventAbsent } = mask.conditions;
    if (!this.#holds(at, local) || this.#holdsAny(at, absent)) return;
    if (ofEvent.length + eventAbsent.length === 0) {
      confirm(value, mask);
      return;
    }
    const event = this.#events[at] as number;
    this.#ask(event);
    const conditions = { local: ofEvent, absent: eventAbsent, event: none, eventAbsent: none };
    if (event !== at) (this.#waiting[event] as WaitingMasks[]).push({ ...value, masks: [{ ...mask, conditions }] });
    else if (this.#holds(at, ofEvent) && !this.#holdsAny(at, eventAbsent)) confirm(value, mask);
  }

  /** Drops the objects beyond `count`: a text that was not JSON after all. */
  abandon(count: number): void {
    for (let i = count; i < this.count; i++) {
      (this.#waiting[i] as WaitingMasks[]).length = 0;
      (this.#pending[i] as PlanMembers[]).length = 0;
    }
    this.count = count;
  }

  /** Objects below this number are around the value whose effects are recorded. */
  #inside = 0;
  /** Outermost of those that a mask within the value has asked. */
  #asked = Number.POSITIVE_INFINITY;
  /** What the value fulfilled of objects around it: object and predicate in turn. */
  readonly #outside: number[] = [];

  /** From now on it is noted what a value means to the objects around it. @returns what `endRecord` needs */
  beginRecord(): RecordMark {
    const mark = { inside: this.#inside, asked: this.#asked, from: this.#outside.length };
    this.#inside = this.count;
    this.#asked = Number.POSITIVE_INFINITY;
    return mark;
  }

  /**
   * @returns the predicates that the value fulfilled, each with how many objects up; undefined where a mask within it depends on
   * the objects around it
   */
  endRecord(mark: RecordMark): readonly number[] | undefined {
    const found: number[] = [];
    const outside = this.#outside;
    let kept = mark.from;
    for (let i = mark.from; i < outside.length; i += 2) {
      const [object, predicate] = [outside[i] as number, outside[i + 1] as number];
      found.push(predicate, this.#inside - object);
      if (object >= mark.inside) continue;
      outside[kept++] = object;
      outside[kept++] = predicate;
    }
    outside.length = kept;
    const closed = this.#asked >= this.#inside;
    this.#inside = mark.inside;
    this.#asked = Math.min(this.#asked, mark.asked);
    return closed ? found : undefined;
  }

  #ask(object: number): void {
    if (object < this.#asked) this.#asked = object;
  }

  /** Notes that a member `depth` names below an open object fulfilled a predicate of it. */
  fulfil(predicate: number, depth: number): void {
    const at = this.count - depth;
    if (at < 0) return;
    if (at < this.#inside) this.#outside.push(at, predicate);
    const word = at * this.#words + (predicate >> 5);
    this.#bits[word] = (this.#bits[word] as number) | (1 << (predicate & 31));
    const pending = this.#pending[at] as PlanMembers[];
    for (const whole of this.#wholes[predicate] ?? []) if (!pending.includes(whole)) pending.push(whole);
  }

  /** Confirms masks at once where their conditions hold already, and keeps the others until the object closes. */
  submit(value: WaitingMasks, at: number, confirm: Confirm): void {
    if (at < 0) return;
    this.#ask(at);
    const { masks } = value;
    let certain = 0;
    for (let i = 0; i < masks.length; i++) {
      const mask = masks[i] as ConditionalMask;
      if (!this.isCertain(mask.conditions, at)) continue;
      certain++;
      confirm(value, mask);
    }
    const waiting = this.#waiting[at] as WaitingMasks[];
    if (certain === 0) waiting.push(value);
    else if (certain < masks.length)
      waiting.push({ ...value, masks: masks.filter(({ conditions }) => !this.isCertain(conditions, at)) });
  }

  /** Conditions on the object at `at` that hold, and that nothing which comes later can change. */
  isCertain({ local, absent, event, eventAbsent }: PlanConditions, at: number): boolean {
    if (at < 0 || absent.length + eventAbsent.length > 0) return false;
    this.#ask(event.length > 0 ? (this.#events[at] as number) : at);
    return this.#holds(at, local) && this.#holds(this.#events[at] as number, event);
  }

  #holdsAny(object: number, predicates: readonly number[]): boolean {
    for (let i = 0; i < predicates.length; i++) if (this.#has(object, predicates[i] as number)) return true;
    return false;
  }

  #holds(object: number, predicates: readonly number[]): boolean {
    for (let i = 0; i < predicates.length; i++) if (!this.#has(object, predicates[i] as number)) return false;
    return true;
  }

  #has(object: number, predicate: number): boolean {
    return ((this.#bits[object * this.#words + (predicate >> 5)] as number) & (1 << (predicate & 31))) !== 0;
  }
}
