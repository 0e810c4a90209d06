import type { Plan, PlanTrigger } from '../plan.ts';

/** Values of `rawPairs` from here on say what the byte itself means inside a JSON string. */
export const stringMarks = { quote: 0xfffc, escape: 0xfffd, control: 0xfffe, beyondAscii: 0xffff } as const;

/**
 * Finds where patterns are worth trying. One table look-up a byte: the pair of the byte before and the byte itself is
 * either nothing, a mark, or the number of a bucket of triggers with that anchor, which are then checked around it.
 */
export class TriggerFinder {
  /** For raw string contents: bucket numbers, and `stringMarks`. Index: byte before * 256 + byte. */
  readonly rawPairs: Uint16Array;
  /** For decoded text: bucket numbers only. */
  readonly textPairs: Uint16Array;
  readonly #buckets: readonly (readonly PlanTrigger[])[];
  readonly #classes: readonly Uint8Array[];
  readonly #always: readonly number[];
  /** Patterns that may match in the current value and where their triggers fired, in order of position. */
  hits = new Uint16Array(256);
  hitAt = new Uint32Array(256);
  hitCount = 0;

  constructor(plan: Plan) {
    const { pairs, buckets } = bucketsOf(plan);
    this.textPairs = pairs;
    this.rawPairs = withMarks(pairs);
    this.#buckets = buckets;
    this.#classes = plan.classes;
    const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
    this.#always = plan.patterns.flatMap((_, i) => (triggered.has(i) ? [] : [i]));
  }

  /** Forgets the hits of the value before; patterns without triggers are always worth trying. */
  beginValue(start: number): void {
    this.hitCount = 0;
    for (const pattern of this.#always) this.#hit(pattern, start);
  }

  /** Checks the triggers of a bucket around `at`, the second byte of the anchor pair. */
  check(bucket: number, bytes: Uint8Array, at: number, start: number, end: number): void {
    for (const trigger of this.#buckets[bucket] as readonly PlanTrigger[]) {
      if (!this.#fits(trigger, bytes, at, start, end)) continue;
      for (const pattern of trigger.patterns) this.#hit(pattern, at);
    }
  }

  /** Looks through decoded text. */
  search(bytes: Uint8Array, start: number, end: number): void {
    this.beginValue(start);
    const pairs = this.textPairs;
    let before = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      const bucket = pairs[before * 256 + byte] as number;
      if (bucket !== 0) this.check(bucket, bytes, at, start, end);
      before = byte;
    }
  }

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

  #fits(trigger: PlanTrigger, bytes: Uint8Array, anchorAt: number, start: number, end: number): boolean {
    const { steps, anchor } = trigger;
    let at = trigger.next === undefined ? anchorAt : anchorAt - 1 - anchor;
    if (at < start || (trigger.atStart && at !== start)) return false;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as PlanTrigger['steps'][number];
      const members = this.#classes[step.class] as Uint8Array;
      let taken = 0;
      while (taken < step.max && at < end && members[bytes[at] as number] === 1) {
        taken++;
        at++;
      }
      if (taken < step.min) return false;
    }
    return true;
  }
}

/** Triggers by anchor pair. Bucket 0 is empty. */
function bucketsOf(plan: Plan): { pairs: Uint16Array; buckets: PlanTrigger[][] } {
  const byPair = new Map<number, number[]>();
  plan.triggers.forEach((trigger, number) => {
    const own = plan.classes[trigger.steps[trigger.anchor]?.class ?? 0] as Uint8Array;
    const [first, second] = trigger.next === undefined ? [undefined, own] : [own, plan.classes[trigger.next] as Uint8Array];
    for (let a = 0; a < 256; a++) {
      if (first && !first[a]) continue;
      for (let b = 0; b < 256; b++) if (second[b]) byPair.set(a * 256 + b, [...(byPair.get(a * 256 + b) ?? []), number]);
    }
  });
  const pairs = new Uint16Array(65_536);
  const buckets: PlanTrigger[][] = [[]];
  const numbers = new Map<string, number>();
  for (const [pair, triggers] of byPair) {
    const key = triggers.join(',');
    if (!numbers.has(key)) {
      numbers.set(key, buckets.length);
      buckets.push(triggers.map((number) => plan.triggers[number] as PlanTrigger));
    }
    pairs[pair] = numbers.get(key) as number;
  }
  return { pairs, buckets };
}

function withMarks(pairs: Uint16Array): Uint16Array {
  const marked = pairs.slice();
  for (let before = 0; before < 256; before++) {
    for (let byte = 0; byte < 256; byte++) {
      const at = before * 256 + byte;
      if (byte === 34) marked[at] = stringMarks.quote;
      else if (byte === 92) marked[at] = stringMarks.escape;
      else if (byte < 32) marked[at] = stringMarks.control;
      else if (byte >= 128) marked[at] = stringMarks.beyondAscii;
    }
  }
  return marked;
}
