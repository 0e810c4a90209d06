import type { Plan, PlanTrigger, TriggerStep } from '../plan.ts';
import type { TriggerFinder } from '../reference/trigger-finder.ts';
import type { TriggerTables } from './kernel-layout.ts';

/** The finder's buckets as the kernel reads them. */
export function triggerTables(plan: Plan, finder: TriggerFinder): TriggerTables {
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
  const around = new Uint8Array(finder.buckets.length * 512);
  finder.buckets.forEach((triggers, bucket) => {
    for (const number of triggers)
      markAround(plan, plan.triggers[number] as PlanTrigger, around.subarray(bucket * 512, bucket * 512 + 512));
  });
  return { pairs: finder.textPairs, around, buckets: Uint32Array.from(offsets), triggers: Uint8Array.from(bytes), classes };
}

/** Marks what may stand right before and right after a trigger's pair: everything, where the trigger does not say. */
function markAround(plan: Plan, { steps, anchor, next }: PlanTrigger, around: Uint8Array): void {
  const mark = (from: number, step: TriggerStep | undefined): void => {
    const members = step && plan.classes[step.class];
    for (let byte = 0; byte < 256; byte++) if (!members || members[byte]) around[from + byte] = 1;
  };
  mark(0, anchor > 0 ? steps[anchor - 1] : undefined);
  if (next === undefined) mark(256, undefined);
  // The pair's second byte belongs to one of the steps up to the first that is needed; what follows it may be more of the same.
  for (let second = anchor + 1; next !== undefined && second < steps.length; second++) {
    const step = steps[second] as TriggerStep;
    if (step.max > 1) mark(256, step);
    let after = second + 1;
    for (; after < steps.length && (steps[after] as TriggerStep).min === 0; after++) mark(256, steps[after]);
    mark(256, steps[after]);
    if (step.min > 0) break;
  }
}
