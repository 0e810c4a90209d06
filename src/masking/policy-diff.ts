import type { Plan } from '../scan/plan.ts';
import type { Trace, TracedMask, TraceStep } from './mask-trace.ts';
import { formatPath } from './value-path.ts';

/** What a change of policy does to a place: shows what was masked, masks what was shown, or masks it otherwise. */
export type PolicyChange = 'exposed' | 'masked' | 'changed';

/** One kind at one field, over all events. Holds no value and no name that only events know. */
export interface FieldChange {
  readonly change: PolicyChange;
  /** Elements as `[*]`, names that no pack or rule knows as `*`. */
  readonly field: string;
  /** Kind and action before; of `masked`, after. */
  readonly kind: string;
  readonly action: string;
  /** Kind and action after, where it is masked otherwise. */
  readonly now?: string;
  readonly values: number;
  readonly events: number;
}

/** Fields listed at most; events choose how deep they nest. What is beyond them is counted under one name. */
const fieldsAtMost = 10_000;
const furtherFields = '(further fields)';

type Count = { -readonly [K in keyof FieldChange]: FieldChange[K] };

/** Adds up what changes between two policies over the traces of the same events. */
export class PolicyDiff {
  readonly #before: Plan;
  readonly #after: Plan;
  readonly #known: ReadonlySet<string>;
  readonly #counts = new Map<string, Count>();

  constructor(before: Plan, after: Plan) {
    this.#before = before;
    this.#after = after;
    this.#known = new Set([...before.symbols, ...after.symbols]);
  }

  /** Two traces of one event. */
  add(before: Trace, after: Trace): void {
    const seen = new Set<string>();
    for (const mask of before.masks) {
      if (!isCovered(mask, after.masks)) this.#count('exposed', mask, this.#before, undefined, seen);
      else {
        const same = after.masks.find((other) => sameSpan(mask, other));
        const now = same && nameOf(same, this.#after);
        if (now !== undefined && now !== nameOf(mask, this.#before)) this.#count('changed', mask, this.#before, now, seen);
      }
    }
    for (const mask of after.masks) if (!isCovered(mask, before.masks)) this.#count('masked', mask, this.#after, undefined, seen);
  }

  /** What is exposed first, then by number of values. */
  changes(): readonly FieldChange[] {
    const order: readonly PolicyChange[] = ['exposed', 'masked', 'changed'];
    return [...this.#counts.values()].sort(
      (a, b) => order.indexOf(a.change) - order.indexOf(b.change) || b.values - a.values || (a.field < b.field ? -1 : 1),
    );
  }

  #count(change: PolicyChange, mask: TracedMask, plan: Plan, now: string | undefined, seen: Set<string>): void {
    const rule = plan.maskRules[mask.rule];
    const [kind, action] = [plan.kinds[rule?.kind ?? -1] ?? '', rule?.action ?? ''];
    const field = this.#counts.size < fieldsAtMost ? this.#fieldOf(mask.steps) : furtherFields;
    const key = JSON.stringify([change, field, kind, action, now]);
    const count = this.#counts.get(key) ?? {
      change,
      field,
      kind,
      action,
      ...(now === undefined ? {} : { now }),
      values: 0,
      events: 0,
    };
    count.values++;
    if (!seen.has(key)) count.events++;
    seen.add(key);
    this.#counts.set(key, count);
  }

  #fieldOf(steps: readonly TraceStep[]): string {
    const paths = steps.map(({ path }) => path.map((step) => (typeof step === 'number' || !this.#known.has(step) ? '*' : step)));
    const texts = paths.map((path, i) => formatField(path, steps[i]?.path ?? []));
    return texts.filter((text) => text !== '').join(' › ') || '.';
  }
}

/** As `formatPath`, with `[*]` for every element and a bare `*` for an unknown name. */
function formatField(path: readonly string[], raw: readonly (string | number)[]): string {
  let text = '';
  for (const [i, step] of path.entries()) {
    if (typeof raw[i] === 'number') text += '[*]';
    else if (step === '*') text += text === '' ? '*' : '.*';
    else text += text === '' || !/^[A-Za-z_]/.test(formatPath([step])) ? formatPath([step]) : `.${step}`;
  }
  return text;
}

function nameOf({ rule }: TracedMask, plan: Plan): string {
  const one = plan.maskRules[rule];
  return `${plan.kinds[one?.kind ?? -1] ?? ''} (${one?.action ?? ''})`;
}

const startOf = (mask: TracedMask): number => mask.at.at(-1) ?? 0;

/** Whether two masks are in the same document, or the first one's is inside that of the second. */
function isWithin(inner: TracedMask, outer: TracedMask): boolean {
  const depth = outer.at.length - 1;
  return inner.at.length > depth && outer.at.slice(0, depth).every((at, i) => inner.at[i] === at);
}

function sameSpan(a: TracedMask, b: TracedMask): boolean {
  return a.at.length === b.at.length && a.end === b.end && a.at.every((at, i) => b.at[i] === at);
}

/** Whether nothing of a mask's span is left unmasked by others: those in its document together, or one around that. */
export function isCovered(mask: TracedMask, others: readonly TracedMask[]): boolean {
  let reached = startOf(mask);
  for (const other of others) {
    if (!isWithin(mask, other)) continue;
    const from = startOf(other);
    if (other.at.length < mask.at.length) {
      const at = mask.at[other.at.length - 1] as number;
      if (from <= at && at < other.end) return true;
    } else if (from <= reached) reached = Math.max(reached, other.end);
  }
  return reached >= mask.end;
}
