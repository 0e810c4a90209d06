import { type ByteClass, classSize, classWeight } from './byte-class.ts';
import { type ExpressionNode, readExpression } from './expression.ts';

export interface TriggerShape {
  readonly steps: readonly { readonly bytes: ByteClass; readonly min: number; readonly max: number }[];
  /** Index of the second byte of the anchor pair; 0 where there is only one byte to look for. */
  readonly anchor: number;
}

/** A way to find candidates: every match contains one of these sequences. */
type Factor = readonly (readonly Step[])[];
interface Step {
  readonly bytes: ByteClass;
  readonly min: number;
  readonly max: number;
}

/** Sequences longer than this say nothing more. */
const maxSteps = 12;
/** More branches than this cost more than they save. */
const maxBranches = 64;
/** Classes of more bytes than this do not narrow anything down. */
const maxClassBytes = 70;

/**
 * The triggers of an expression: sequences of which every match contains at least one, chosen so that they are rare
 * in audit logs. Undefined where the expression has none: such a pattern must be tried on every value.
 */
export function deriveTriggers(expression: string): readonly TriggerShape[] | undefined {
  const factor = best(readExpression(expression));
  return factor?.map(toShape);
}

/** Triggers given by hand: sequences of literals, classes and {m,n}, alternatives separated by |. */
export function readTriggers(text: string): readonly TriggerShape[] | undefined {
  return deriveTriggers(text);
}

/** Longest match in bytes, where the expression has one. */
export function maxMatchBytes(expression: string): number | undefined {
  const longest = longestOf(readExpression(expression));
  return Number.isFinite(longest) ? longest : undefined;
}

function longestOf(node: ExpressionNode): number {
  switch (node.type) {
    case 'bytes':
      return node.bytes.subarray(128).includes(1) ? 4 : 1;
    case 'sequence':
      return node.items.reduce((sum, item) => sum + longestOf(item), 0);
    case 'choice':
      return Math.max(...node.options.map(longestOf));
    case 'repeat':
      return node.max === 0 ? 0 : node.max * longestOf(node.item);
    case 'empty':
      return 0;
    case 'opaque':
      return 4;
  }
}

function best(node: ExpressionNode): Factor | undefined {
  switch (node.type) {
    case 'bytes':
      return classSize(node.bytes) <= maxClassBytes ? [[{ bytes: node.bytes, min: 1, max: 1 }]] : undefined;
    case 'sequence':
      return bestOfSequence(node.items);
    case 'choice':
      return bestOfChoice(node.options);
    case 'repeat':
      return node.min > 0 ? best(node.item) : undefined;
    default:
      return undefined;
  }
}

function bestOfChoice(options: readonly ExpressionNode[]): Factor | undefined {
  const branches: (readonly Step[])[] = [];
  for (const option of options) {
    const factor = best(option);
    if (!factor) return undefined;
    branches.push(...factor);
  }
  return branches.length <= maxBranches ? branches : undefined;
}

/** The best of all runs of bytes and of what the other items contain. */
function bestOfSequence(items: readonly ExpressionNode[]): Factor | undefined {
  const flat = flatten(items);
  const candidates: Factor[] = [];
  let runs: Factor = [[]];
  const close = (begin: Factor): void => {
    if (runs.every((run) => run.length > 0)) candidates.push(runs.map((run) => run.slice(0, maxSteps)));
    runs = begin;
  };
  flat.forEach((item, i) => {
    const exact = exactSteps(item, flat[i + 1]);
    if (exact && runs.length * exact.length <= maxBranches) {
      runs = runs.flatMap((run) => exact.map((step) => [...run, ...step]));
      return;
    }
    const edge = edgeSteps(item);
    if (edge) runs = runs.map((run) => [...run, ...edge]);
    close(exact ?? [edge ?? []]);
    const inner = item.type === 'repeat' || item.type === 'choice' ? best(item) : undefined;
    if (inner) candidates.push(inner);
  });
  close([[]]);
  return candidates.sort((a, b) => weight(a) - weight(b))[0];
}

/** A repeated byte has at least `min` of its kind at either edge. */
function edgeSteps(item: ExpressionNode): readonly Step[] | undefined {
  if (item.type !== 'repeat' || item.item.type !== 'bytes' || item.min === 0) return undefined;
  return singles(item.item.bytes, Math.min(item.min, 4));
}

function singles(bytes: ByteClass, count: number): readonly Step[] | undefined {
  if (classSize(bytes) > maxClassBytes) return undefined;
  return Array.from({ length: count }, () => ({ bytes, min: 1, max: 1 }));
}

/** Nested sequences become one, counted groups are written out, empty parts leave. */
function flatten(items: readonly ExpressionNode[]): ExpressionNode[] {
  return items.flatMap((item) => {
    if (item.type === 'sequence') return flatten(item.items);
    if (item.type === 'empty') return [];
    if (item.type === 'repeat' && item.item.type !== 'bytes' && item.min >= 1 && item.min <= 4) {
      const copies = Array.from({ length: item.min }, () => flatten([item.item])).flat();
      return item.max > item.min ? [...copies, { type: 'opaque' }] : copies;
    }
    return [item];
  });
}

/**
 * The step sequences an item is exactly, where it is some. A byte repeated between bounds is one when the byte after
 * it cannot be of its class: then taking as many as there are is the only way to read it.
 */
function exactSteps(item: ExpressionNode, next: ExpressionNode | undefined): Factor | undefined {
  if (item.type === 'bytes') {
    const one = singles(item.bytes, 1);
    return one && [one];
  }
  if (item.type === 'repeat' && item.item.type === 'bytes' && item.min > 0 && item.max <= 16) {
    const { bytes } = item.item;
    if (classSize(bytes) > maxClassBytes) return undefined;
    if (item.min === item.max && item.min <= 4) return [singles(bytes, item.min) ?? []];
    if (next?.type === 'bytes' && !next.bytes.some((member, byte) => member && bytes[byte]))
      return [[{ bytes, min: item.min, max: item.max }]];
    return undefined;
  }
  if (item.type === 'choice') {
    const options = item.options.map((option) => exactSequence(option));
    return options.every((option) => option !== undefined) ? options : undefined;
  }
  return undefined;
}

function exactSequence(node: ExpressionNode): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const part of flatten([node])) {
    const exact = exactSteps(part, undefined);
    if (exact?.length !== 1) return undefined;
    steps.push(...(exact[0] as readonly Step[]));
  }
  return steps.length > 0 ? steps : undefined;
}

/** Expected share of positions where one of the sequences fires; smaller is better. */
function weight(factor: Factor): number {
  return factor.reduce((sum, steps) => sum + steps.reduce((share, step) => (share * classWeight(step.bytes)) / 1000, 1), 0);
}

/**
 * Chooses the rarest adjacent pair as anchor: it alone is looked for at every byte. Only single bytes stand before it;
 * of a counted byte at the start, the last ones are enough. */
function toShape(sequence: readonly Step[]): TriggerShape {
  const [head, ...tail] = sequence as [Step, ...Step[]];
  const steps = [...(singles(head.bytes, head.min) ?? [head]), ...tail];
  let anchor = 0;
  let rarest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < steps.length; i++) {
    const [first, second] = [steps[i - 1] as Step, steps[i] as Step];
    if (first.max > 1) break;
    const pair = classWeight(first.bytes) * classWeight(second.bytes);
    if (pair < rarest) {
      rarest = pair;
      anchor = i;
    }
  }
  return { steps, anchor };
}
