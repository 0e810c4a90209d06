import type { Plan, PlanTrigger } from '../plan.ts';
import { untriggered } from '../plan-tables.ts';
import type { Kernel } from '../simd/kernel.ts';
import { mostAside, mostAsideCandidates } from '../simd/kernel-layout.ts';
import { notUtf8 } from './string-end.ts';
import { skipCharacter } from './utf8.ts';

/** A shorter text is not worth handing over. */
const leastAside = 24;

/** Values of `rawPairs` from here on say what the byte itself means inside a JSON string. */
const stringMarks = { quote: 0xfffc, escape: 0xfffd, control: 0xfffe, beyondAscii: 0xffff } as const;

/**
 * Finds where patterns are worth trying. One table look-up a byte: the pair of the byte before and the byte itself is
 * either nothing, a mark, or the number of a bucket of triggers with that anchor, which are then checked around it.
 */
export class TriggerFinder {
  /** For raw string contents: bucket numbers, and `stringMarks`. Index: byte before * 256 + byte. */
  readonly rawPairs: Uint16Array;
  /** For decoded text: bucket numbers only. */
  readonly textPairs: Uint16Array;
  /** Numbers of the triggers with one anchor pair; bucket 0 is empty. */
  readonly buckets: readonly (readonly number[])[];
  readonly #triggers: readonly ReadyTrigger[];
  readonly #always: readonly number[];
  /** Patterns that may match in the current value and where their triggers fired, in order of position. */
  hits = new Uint16Array(256);
  hitAt = new Uint32Array(256);
  hitCount = 0;

  constructor(plan: Plan) {
    const { pairs, buckets } = plan.index;
    this.textPairs = pairs;
    this.rawPairs = withMarks(pairs);
    this.buckets = buckets;
    this.#triggers = plan.triggers.map((trigger) => readyTrigger(trigger, plan.classes));
    this.#always = untriggered(plan);
  }

  /** Forgets the hits of the value before; patterns without triggers are always worth trying. */
  beginValue(start: number): void {
    this.hitCount = 0;
    for (const pattern of this.#always) this.#hit(pattern, start);
  }

  /** Checks the triggers of a bucket around `at`, the second byte of the anchor pair. */
  check(bucket: number, bytes: Uint8Array, at: number, start: number, end: number): void {
    const numbers = this.buckets[bucket] as readonly number[];
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number;
      const trigger = this.#triggers[number] as ReadyTrigger;
      if (at - trigger.back >= start && fits(trigger, bytes, at - trigger.back, end)) this.fired(number, at, start);
    }
  }

  /** A trigger fits at `at` in the value that starts at `start`. */
  fired(number: number, at: number, start: number): void {
    const { back, atStart, patterns } = this.#triggers[number] as ReadyTrigger;
    if (at - back < start || (atStart && at - back !== start)) return;
    for (let i = 0; i < patterns.length; i++) this.#hit(patterns[i] as number, at);
  }

  /**
   * Looks through the contents of a string from `start`. Returns the first byte that is a quote, an escape or a control
   * character, `limit` where there is none, `notUtf8` where a character is cut or wrong.
   */
  searchedEnd(bytes: Uint8Array, start: number, limit: number): number {
    const { rawPairs } = this;
    let before = 34;
    let at = start;
    while (at < limit) {
      const byte = bytes[at] as number;
      const found = rawPairs[before * 256 + byte] as number;
      if (found < stringMarks.quote) {
        if (found !== 0) this.check(found, bytes, at, start, limit);
        before = byte;
        at++;
      } else if (found === stringMarks.beyondAscii) {
        const next = skipCharacter(bytes, at, limit);
        if (next < 0) return notUtf8;
        before = this.#checkEach(bytes, at, next, before, start, limit);
        at = next;
      } else return at;
    }
    return limit;
  }

  /** Looks through decoded text. */
  search(bytes: Uint8Array, start: number, end: number): void {
    this.beginValue(start);
    if (this.#searchAside(bytes, start, end)) return;
    this.#checkEach(bytes, start, end, 0, start, end);
  }

  /** Checks the triggers at each byte of [from, to) in the text [start, end). @returns the last of these bytes */
  #checkEach(bytes: Uint8Array, from: number, to: number, previous: number, start: number, end: number): number {
    const pairs = this.textPairs;
    let before = previous;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] as number;
      const bucket = pairs[before * 256 + byte] as number;
      if (bucket !== 0) this.check(bucket, bytes, at, start, end);
      before = byte;
    }
    return before;
  }

  /** Whether a trigger fires in decoded text, and then `also` holds for its hits; those of the current value stay as they are. */
  fires(bytes: Uint8Array, start: number, end: number, also: (finder: TriggerFinder) => boolean = () => true): boolean {
    const { hits, hitAt, hitCount } = this;
    [this.hits, this.hitAt] = [this.#otherHits, this.#otherHitAt];
    this.search(bytes, start, end);
    const fired = this.hitCount > 0 && also(this);
    [this.#otherHits, this.#otherHitAt] = [this.hits, this.hitAt];
    [this.hits, this.hitAt, this.hitCount] = [hits, hitAt, hitCount];
    return fired;
  }
  #otherHits = new Uint16Array(256);
  #otherHitAt = new Uint32Array(256);

  /** Longer texts are looked through by a kernel, where there is one. */
  #searchAside(bytes: Uint8Array, start: number, end: number): boolean {
    const { kernel } = this;
    if (kernel === undefined || end - start < leastAside || end - start > mostAside) return false;
    const list = this.#aside;
    const count = kernel.candidatesAside(bytes, start, end, list);
    for (let i = 0; i < count; i++) this.fired(list[i * 2 + 1] as number, list[i * 2] as number, start);
    return count >= 0;
  }
  /** Holds the triggers of this plan already. */
  kernel: Kernel | undefined;
  readonly #aside = new Uint32Array(mostAsideCandidates * 2);

  #hit(pattern: number, at: number): void {
    if (this.hitCount === this.hits.length) this.#grow();
    this.hits[this.hitCount] = pattern;
    this.hitAt[this.hitCount++] = at;
  }

  #grow(): void {
    const [hits, hitAt] = [this.hits, this.hitAt];
    this.hits = new Uint16Array(hits.length * 4);
    this.hitAt = new Uint32Array(hits.length * 4);
    this.hits.set(hits);
    this.hitAt.set(hitAt);
  }
}

/** A trigger with its tables at hand. */
interface ReadyTrigger {
  readonly patterns: readonly number[];
  /** Bytes from the second byte of the anchor pair back to the start of the sequence. */
  readonly back: number;
  readonly atStart: boolean;
  readonly members: readonly Uint8Array[];
  readonly least: readonly number[];
  readonly most: readonly number[];
}

function readyTrigger({ patterns, steps, anchor, next, atStart }: PlanTrigger, classes: readonly Uint8Array[]): ReadyTrigger {
  return {
    patterns,
    back: next === undefined ? 0 : anchor + 1,
    atStart,
    members: steps.map((step) => classes[step.class] as Uint8Array),
    least: steps.map((step) => step.min),
    most: steps.map((step) => step.max),
  };
}

function fits({ members, least, most }: ReadyTrigger, bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  for (let i = 0; i < members.length; i++) {
    const table = members[i] as Uint8Array;
    const limit = Math.min(end, at + (most[i] as number));
    const begin = at;
    while (at < limit && table[bytes[at] as number] === 1) at++;
    if (at - begin < (least[i] as number)) return false;
  }
  return true;
}

function withMarks(pairs: Uint16Array): Uint16Array {
  const marked = pairs.slice();
  for (let row = 0; row < marked.length; row += 256) {
    marked.fill(stringMarks.control, row, row + 32);
    marked.fill(stringMarks.beyondAscii, row + 128, row + 256);
    marked[row + 34] = stringMarks.quote;
    marked[row + 92] = stringMarks.escape;
  }
  return marked;
}
