import type { Plan, PlanTrigger } from '../plan.ts';
import type { Kernel, TriggerTables } from '../simd/kernel.ts';
import type { TriggerFinder } from './trigger-finder.ts';

/** An event in which more triggers fire than this is looked through in TypeScript. */
const mostCandidates = 32_768;

/** Where triggers fire in one event, listed by a kernel in one go and used up in order as its strings are read. */
export class CandidateList {
  readonly #kernel: Kernel;
  /** Position and number of the trigger, in turn. */
  readonly #list = new Uint32Array(mostCandidates * 2);
  #count = 0;
  #next = 0;

  constructor(plan: Plan, kernel: Kernel, finder: TriggerFinder) {
    this.#kernel = kernel;
    kernel.triggers = triggerTables(plan, finder);
  }

  /** @returns false where there are too many to list */
  list(bytes: Uint8Array, start: number, end: number): boolean {
    this.#kernel.load(bytes, start, end);
    this.#next = 0;
    this.#count = this.#kernel.candidates(start, end, this.#list);
    return this.#count >= 0;
  }

  /** Hands the candidates of `[start … end)` to the finder; ranges come in ascending order. */
  check(finder: TriggerFinder, start: number, end: number): void {
    let next = this.#next;
    const [list, count] = [this.#list, this.#count];
    while (next < count && (list[next * 2] as number) < start) next++;
    for (; next < count && (list[next * 2] as number) < end; next++) {
      finder.fired(list[next * 2 + 1] as number, list[next * 2] as number, start);
    }
    this.#next = next;
  }
}

/** The finder's buckets as the kernel reads them. */
function triggerTables(plan: Plan, finder: TriggerFinder): TriggerTables {
  const bytes: number[] = [];
  const word = (value: number): number => bytes.push(value & 255, value >> 8);
  const offsets = finder.buckets.map((triggers) => {
    const offset = bytes.length;
    bytes.push(triggers.length & 255, triggers.length >> 8, 0, 0);
    for (const number of triggers) {
      const { steps, anchor, next } = plan.triggers[number] as PlanTrigger;
      word(number);
      bytes.push(next === undefined ? 0 : anchor + 1, steps.length);
      for (const step of steps) {
        word(step.class);
        bytes.push(step.min, step.max);
      }
    }
    return offset;
  });
  const classes = new Uint8Array(plan.classes.length * 256);
  plan.classes.forEach((members, i) => classes.set(members, i * 256));
  return { pairs: finder.textPairs, buckets: Uint32Array.from(offsets), triggers: Uint8Array.from(bytes), classes };
}
