import { limits } from '../core/limits.ts';
import type { PatternOperation } from '../masking/pack.ts';
import { type ByteClass, classSize, emptyClass, invertClass, rangeClass } from '../scan/regex/byte-class.ts';
import { classPairWeight, classWeight } from './byte-weight.ts';
import { type ExpressionNode, readExpression } from './expression.ts';

export interface TriggerShape {
  readonly steps: readonly { readonly bytes: ByteClass; readonly min: number; readonly max: number }[];
  /** Index of the step that is the first byte of the pair to look for. */
  readonly anchor: number;
  /** What the second byte of the pair may be; undefined where the sequence is a single byte. */
  readonly next: ByteClass | undefined;
  /** Only at the start of a value. */
  readonly atStart: boolean;
}

/** A way to find candidates: every match contains one of these sequences. */
type Factor = readonly (readonly Step[])[];
interface Step {
  readonly bytes: ByteClass;
  readonly min: number;
  readonly max: number;
}

/** Sequences longer than this say nothing more. */
const maxSteps = 32;
/** More branches than this cost more than they save. */
const maxBranches = 64;
/** Classes of more bytes than this do not narrow anything down. */
const maxClassBytes = 70;
/** What a character beyond ASCII begins and ends with in UTF-8 (RFC 3629). */
const leadByte: Step = { bytes: rangeClass(0xc2, 0xf4), min: 1, max: 1 };
const lastByte: Step = { bytes: rangeClass(0x80, 0xbf), min: 1, max: 1 };

/**
 * The triggers of an expression: sequences of which every match contains at least one, chosen so that they are rare
 * in audit logs. Undefined where the expression has none: such a pattern must be tried on every value.
 */
export const deriveTriggers = remembered(triggersOf);

function triggersOf(expression: string): readonly TriggerShape[] | undefined {
  const factor = best(readExpression(expression));
  const shapes = factor?.map(toShape);
  return shapes?.every((shape) => shape.steps.length > 0) ? shapes : undefined;
}

/** Triggers given by hand: sequences of literals, classes and {m,n}, alternatives separated by |; all of them after a ^ at the start. */
export function readTriggers(text: string): readonly TriggerShape[] | undefined {
  const atStart = text.startsWith('^');
  return deriveTriggers(text)?.map((shape) => ({ ...shape, atStart }));
}

/** Given, or worked out from the expression (undefined); where that gives none, the words that the text must hold. */
export function triggerOf({ expression, trigger, check }: PatternOperation): string | undefined {
  if (trigger !== undefined || check === undefined || check.keywords.length === 0) return trigger;
  if (deriveTriggers(expression) !== undefined) return undefined;
  return `(?i)(?:${check.keywords.map((word) => word.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|')})`;
}

/**
 * The bytes that no match contains, where there are any; the first and the last byte of a match may be one of them
 * where the expression only looks at what stands beside it (`(?:^|[^a-z])` …).
 */
export const separatorsOf = remembered(uncontained);

function uncontained(expression: string): ByteClass | undefined {
  const consumed = emptyClass();
  const visit = (node: ExpressionNode): void => {
    if (node.type === 'bytes') node.bytes.forEach((member, byte) => (consumed[byte] = member | (consumed[byte] as number)));
    else if (node.type === 'opaque' || node.type === 'beyond') consumed.fill(1, 128);
    else if (node.type === 'sequence') node.items.forEach(visit);
    else if (node.type === 'choice') node.options.forEach(visit);
    else if (node.type === 'repeat') visit(node.item);
  };
  visit(withoutNeighbour(withoutNeighbour(readExpression(expression), 0), -1));
  // A byte beyond ASCII is only part of a character: cutting there would cut the character.
  const separators = invertClass(consumed).fill(0, 128);
  return separators.includes(1) ? separators : undefined;
}

/** The same packs are compiled again for other policies. Expressions come from files, not from events. */
function remembered<T>(work: (expression: string) => T): (expression: string) => T {
  const known = new Map<string, { readonly result: T }>();
  return (expression) => {
    const found = known.get(expression);
    if (found) return found.result;
    const result = work(expression);
    if (known.size >= limits.rememberedExpressions) known.clear();
    known.set(expression, { result });
    return result;
  };
}

/** The node without the single byte that it may start (`side` 0) or end (`side` -1) with. */
function withoutNeighbour(node: ExpressionNode, side: 0 | -1): ExpressionNode {
  if (node.type === 'bytes') return { type: 'empty' };
  if (node.type === 'choice') return { type: 'choice', options: node.options.map((option) => withoutNeighbour(option, side)) };
  if (node.type !== 'sequence') return node;
  const items = flatten([node]);
  const edge = side === 0 ? 0 : items.length - 1;
  return { type: 'sequence', items: items.map((item, i) => (i === edge ? withoutNeighbour(item, side) : item)) };
}

function best(node: ExpressionNode): Factor | undefined {
  switch (node.type) {
    case 'bytes':
      return classSize(node.bytes) <= maxClassBytes ? [[{ bytes: node.bytes, min: 1, max: 1 }]] : undefined;
    case 'beyond':
      return [[lastByte]];
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
    const exact = exactSteps(item, flat.slice(i + 1));
    if (exact && runs.length * exact.length <= maxBranches) {
      runs = runs.flatMap((run) => exact.map((step) => [...run, ...step]));
      return;
    }
    if (item.type === 'beyond') {
      runs = runs.map((run) => [...run, leadByte]);
      close([[lastByte]]);
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
function exactSteps(item: ExpressionNode, rest: readonly ExpressionNode[]): Factor | undefined {
  if (item.type === 'bytes') {
    const one = singles(item.bytes, 1);
    return one && [one];
  }
  if (item.type === 'repeat' && item.item.type === 'bytes' && item.max <= 64) {
    const { bytes } = item.item;
    if (classSize(bytes) > maxClassBytes) return undefined;
    if (item.min === item.max && item.min > 0 && item.min <= 4) return [singles(bytes, item.min) ?? []];
    const counted = item.min === item.max && item.min > 0;
    if (counted || cannotFollow(bytes, rest)) return [[{ bytes, min: item.min, max: item.max }]];
    return undefined;
  }
  if (item.type === 'choice') {
    const options = item.options.map((option) => exactSequences(option, rest));
    return options.every((option) => option !== undefined) ? options.flat() : undefined;
  }
  return undefined;
}

/** True where no byte of the class can come right after a run of them: what follows starts with other bytes. */
function cannotFollow(bytes: ByteClass, rest: readonly ExpressionNode[]): boolean {
  for (const item of rest) {
    const next = item.type === 'repeat' ? item.item : item;
    if (next.type !== 'bytes' || next.bytes.some((member, byte) => member && bytes[byte])) return false;
    if (item.type === 'bytes' || (item.type === 'repeat' && item.min > 0)) return true;
  }
  return false;
}

/** All sequences that a node is exactly; choices within multiply. */
function exactSequences(node: ExpressionNode, rest: readonly ExpressionNode[]): Factor | undefined {
  const parts = flatten([node]);
  let sequences: Factor = [[]];
  for (let i = 0; i < parts.length; i++) {
    const exact = exactSteps(parts[i] as ExpressionNode, [...parts.slice(i + 1), ...rest]);
    if (!exact || exact.length * sequences.length > maxBranches) return undefined;
    sequences = sequences.flatMap((sequence) => exact.map((steps) => [...sequence, ...steps]));
  }
  return sequences.every((sequence) => sequence.length > 0) ? sequences : undefined;
}

/** A counted byte at the start is needed `min` times; one that may be missing is not needed at all. */
function leadingSingles(sequence: readonly Step[]): readonly Step[] {
  const [head, ...tail] = sequence as [Step, ...Step[]];
  if (head.min === 0) return tail.length > 0 ? leadingSingles(tail) : [];
  return [...(singles(head.bytes, head.min) ?? [head]), ...tail];
}

/** Expected share of positions where one of the sequences fires; smaller is better. */
function weight(factor: Factor): number {
  return factor.reduce(
    (sum, steps) => sum + steps.reduce((share, step) => (step.min === 0 ? share : (share * classWeight(step.bytes)) / 1000), 1),
    0,
  );
}

/**
 * Chooses the rarest pair of adjacent bytes as anchor: it alone is looked for at every byte. Only single bytes stand
 * before it; of a counted byte at the start, the last ones are enough.
 */
function toShape(sequence: readonly Step[]): TriggerShape {
  const steps = leadingSingles(sequence);
  let shape: TriggerShape = { steps, anchor: 0, next: nextBytes(steps, 0), atStart: false };
  let rarest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < steps.length && (steps[i] as Step).min === 1 && (steps[i] as Step).max === 1; i++) {
    const next = nextBytes(steps, i);
    if (!next) break;
    const weight = classPairWeight((steps[i] as Step).bytes, next);
    if (weight < rarest) {
      rarest = weight;
      shape = { steps, anchor: i, next, atStart: false };
    }
  }
  return shape;
}

/** What the byte after step `i` may be; undefined where nothing need follow. */
function nextBytes(steps: readonly Step[], i: number): ByteClass | undefined {
  const next = emptyClass();
  for (const step of steps.slice(i + 1)) {
    step.bytes.forEach((member, byte) => {
      if (member) next[byte] = 1;
    });
    if (step.min > 0) return next;
  }
  return undefined;
}
