import type { Plan, PlanNameClass, PlanTrigger, PlanTriggerIndex, TriggerStep } from '../scan/plan.ts';
import { NameClasses } from '../scan/reference/name-classes.ts';

type Triggers = Pick<Plan, 'triggers' | 'classes'>;
type Members = readonly (readonly number[])[];

export type DerivedTables = Pick<Plan, 'symbolClasses' | 'index'>;

/** What a scanner looks up while it starts, drawn from the plan's other tables, so that they alone make up the plan's id. */
export function deriveTables(plan: Triggers & Pick<Plan, 'symbols' | 'nameClasses'>): DerivedTables {
  return { symbolClasses: classifySymbols(plan.symbols, plan.nameClasses), index: indexTriggers(plan) };
}

function classifySymbols(symbols: readonly string[], classes: readonly PlanNameClass[]): Uint32Array {
  const names = new NameClasses(classes);
  return Uint32Array.from(symbols, (symbol) => {
    const name = Buffer.from(symbol);
    return names.of(name, 0, name.length);
  });
}

/** Triggers by anchor pair. Bucket 0 is empty. */
function indexTriggers(plan: Triggers): PlanTriggerIndex {
  const members = plan.classes.map(membersOf);
  const pairs = new Uint16Array(65_536);
  const buckets: (readonly number[])[] = [[]];
  const numbers = new Map<string, number>();
  for (const [pair, triggers] of triggersByPair(plan, members)) {
    const key = triggers.join(',');
    const bucket = numbers.get(key) ?? buckets.push(triggers) - 1;
    numbers.set(key, bucket);
    pairs[pair] = bucket;
  }
  const around = new Uint8Array(buckets.length * 512);
  buckets.forEach((triggers, bucket) => {
    for (const number of triggers)
      markAround(members, plan.triggers[number] as PlanTrigger, around.subarray(bucket * 512, bucket * 512 + 512));
  });
  return { pairs, buckets, around, ...packBuckets(plan, buckets) };
}

/** The bytes of a class: most have few. */
function membersOf(one: Uint8Array): readonly number[] {
  const members: number[] = [];
  for (let byte = one.indexOf(1); byte >= 0; byte = one.indexOf(1, byte + 1)) members.push(byte);
  return members;
}

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);

function triggersByPair({ triggers }: Triggers, members: Members): ReadonlyMap<number, readonly number[]> {
  const byPair = new Map<number, number[]>();
  triggers.forEach(({ steps, anchor, next }, number) => {
    const own = members[steps[anchor]?.class ?? 0] ?? [];
    const [first, second] = next === undefined ? [allBytes, own] : [own, members[next] ?? []];
    for (const a of first) {
      for (const b of second) {
        const known = byPair.get(a * 256 + b);
        if (known) known.push(number);
        else byPair.set(a * 256 + b, [number]);
      }
    }
  });
  return byPair;
}

/** The triggers of each bucket one after the other: their number, then each its own, its bytes back, its steps. */
function packBuckets(
  plan: Triggers,
  buckets: readonly (readonly number[])[],
): { readonly packed: Uint8Array; readonly offsets: Uint32Array } {
  const bytes: number[] = [];
  const word = (value: number): number => bytes.push(value & 255, value >> 8);
  const offsets = buckets.map((triggers) => {
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
  return { packed: Uint8Array.from(bytes), offsets: Uint32Array.from(offsets) };
}

/** Marks what may stand right before and right after a trigger's pair: everything, where the trigger does not say. */
function markAround(members: Members, { steps, anchor, next }: PlanTrigger, around: Uint8Array): void {
  const mark = (from: number, step: TriggerStep | undefined): void => {
    if (!step) around.fill(1, from, from + 256);
    else for (const byte of members[step.class] ?? []) around[from + byte] = 1;
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
