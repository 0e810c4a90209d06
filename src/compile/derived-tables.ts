import { latin1Text } from '../core/byte-text.ts';
import {
  aroundPlaces,
  type Plan,
  type PlanNameClass,
  type PlanTrigger,
  type PlanTriggerIndex,
  type TriggerStep,
} from '../scan/plan.ts';
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
  return { pairs, buckets, ...lookAround(plan, buckets), ...packBuckets(plan, buckets) };
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

/** The triggers of each bucket one after the other: their number, then each as src/scan/simd/assembly/kernel.ts reads it. */
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
      word(leastAfter(steps, anchor, next === undefined));
      word(0);
      for (const step of steps) {
        word(step.class);
        bytes.push(step.min, step.max);
      }
    }
    return offset;
  });
  return { packed: Uint8Array.from(bytes), offsets: Uint32Array.from(offsets) };
}

/** Bytes that a trigger takes at least after its pair. */
function leastAfter(steps: readonly TriggerStep[], anchor: number, alone: boolean): number {
  const least = steps.slice(anchor + 1).reduce((sum, { min }) => sum + min, 0);
  return Math.min(0xffff, alone ? least : Math.max(0, least - 1));
}

/**
 * For each bucket the rows of bytes that may stand at the places of `aroundPlaces`: a bit for every trigger, the same for each eighth
 * one. Most rows are those of other buckets, too.
 */
function lookAround(plan: Triggers, buckets: readonly (readonly number[])[]): Pick<PlanTriggerIndex, 'rows' | 'rowsOf'> {
  const width = aroundPlaces.length;
  const beside = plan.triggers.map((trigger) => bytesBeside(trigger, plan.classes));
  const rowsOf = new Uint16Array(buckets.length * width);
  const rows: Uint8Array[] = [];
  const numbers = new Map<string, number>();
  buckets.forEach((triggers, bucket) => {
    for (let place = 0; place < width; place++) {
      const row = rowOf(triggers.map((trigger) => beside[trigger]?.[place]));
      const key = latin1Text(row, 0, row.length);
      const number = numbers.get(key) ?? rows.push(row) - 1;
      numbers.set(key, number);
      rowsOf[bucket * width + place] = number;
    }
  });
  return { rows: Uint8Array.from(Buffer.concat(rows)), rowsOf };
}

/** A bit for each trigger in the bytes that it allows; undefined allows everything. */
function rowOf(allowed: readonly (Uint8Array | undefined)[]): Uint8Array {
  const row = new Uint8Array(256);
  allowed.forEach((bytes, i) => {
    const bit = 1 << (i & 7);
    for (let byte = 0; byte < 256; byte++) if (bytes?.[byte] !== 0) row[byte] = (row[byte] as number) | bit;
  });
  return row;
}

/** By place of `aroundPlaces`: the bytes that may stand there where the trigger fits; undefined: it does not say. */
function bytesBeside({ steps, anchor, next }: PlanTrigger, classes: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  const classOf = (step: number): Uint8Array => classes[(steps[step] as TriggerStep).class] as Uint8Array;
  const after = afterPair(steps, anchor, next === undefined);
  return aroundPlaces.map((place) => {
    if (place < 0) return next !== undefined && anchor > 0 ? classOf(anchor - 1) : undefined;
    const taking = after[place - 1];
    if (!taking) return undefined;
    const union = new Uint8Array(256);
    for (const step of taking) classOf(step).forEach((is, byte) => is && union.fill(1, byte, byte + 1));
    return union;
  });
}

/** For each byte after the pair: the steps that may take it; undefined where the trigger may have ended before it. */
function afterPair(steps: readonly TriggerStep[], anchor: number, alone: boolean): (ReadonlySet<number> | undefined)[] {
  // Steps that may have taken the last byte, each with how many bytes it has by then.
  let at = alone ? [[anchor, 1] as const] : stepsFrom(steps, anchor + 1).steps;
  const found: (ReadonlySet<number> | undefined)[] = [];
  let ended = false;
  for (let i = 0; i < aroundPlaces.length; i++) {
    const following = new Map<string, readonly [number, number]>();
    for (const [step, taken] of at) {
      const { min, max } = steps[step] as TriggerStep;
      if (taken < max) following.set(`${step} ${taken + 1}`, [step, taken + 1]);
      if (taken < min) continue;
      const then = stepsFrom(steps, step + 1);
      ended ||= then.ends;
      for (const [one] of then.steps) following.set(`${one} 1`, [one, 1]);
    }
    at = [...following.values()];
    found.push(ended ? undefined : new Set(at.map(([step]) => step)));
  }
  return found;
}

/** The steps from `first` on that may take the next byte, and whether the trigger may end before it. */
function stepsFrom(
  steps: readonly TriggerStep[],
  first: number,
): { readonly steps: (readonly [number, number])[]; readonly ends: boolean } {
  const found: (readonly [number, number])[] = [];
  for (let step = first; step < steps.length; step++) {
    found.push([step, 1]);
    if ((steps[step] as TriggerStep).min > 0) return { steps: found, ends: false };
  }
  return { steps: found, ends: true };
}
