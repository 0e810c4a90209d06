import { type FieldSpec, valueTypes } from '../core/extracts.ts';
import { BitmapCache } from './bitmap-cache.ts';
import { type Atom, atomsOf, type Condition, evaluatePartly } from './condition.ts';
import { ByteValue } from './event-value.ts';

/**
 * Fields worth an index: at most one value per event, and few distinct values. In this order, cheap and telling first,
 * so that an event no rule wants is given up after two or three look-ups.
 */
const headFields = [
  ...['verb', 'objectRef.resource', 'objectRef.subresource', 'stage', 'responseStatus.code', 'objectRef.apiGroup'],
  ...[
    'annotations.authorization.k8s.io/decision',
    'objectRef.namespace',
    'level',
    'user.username',
    'objectRef.name',
    'userAgent',
  ],
];

/** Bits of the rules that one field leaves possible. */
export interface HeadField {
  readonly field: number;
  readonly cache: BitmapCache;
  /** Rules possible in an event without the field. */
  readonly absent: Uint32Array;
}

const readsOnly = (atom: Atom, field: number): boolean => {
  const [source] = atom.sources;
  return atom.sources.length === 1 && source?.field === field && source.transform === 'none';
};

function possible(condition: Condition, field: number, value: ByteValue | undefined): boolean {
  const holds = (atom: Atom): boolean | undefined => {
    if (!readsOnly(atom, field)) return undefined;
    if (!value || value.type === valueTypes.null) return false;
    if (value.type === valueTypes.array) return undefined;
    const passed = atom.tests.some((test) => test.test(value));
    return atom.quantifier === 'none' ? !passed : passed;
  };
  return evaluatePartly(condition, holds) !== false;
}

function headOf(field: number, conditions: readonly Condition[], seed: number): HeadField | undefined {
  const readers = conditions.flatMap((condition, rule) =>
    atomsOf(condition).some((atom) => readsOnly(atom, field)) ? [rule] : [],
  );
  if (readers.length === 0) return undefined;
  const words = Math.ceil(conditions.length / 32);
  const value = new ByteValue();
  const clear = (bits: Uint32Array, at: number, rule: number): void => {
    bits[at + (rule >> 5)] = (bits[at + (rule >> 5)] as number) & ~(1 << (rule & 31));
  };
  const strike = (bits: Uint32Array, at: number, given: ByteValue | undefined): void => {
    for (let i = 0; i < words; i++) bits[at + i] = 0xffffffff;
    for (const rule of readers) if (!possible(conditions[rule] as Condition, field, given)) clear(bits, at, rule);
  };
  const absent = new Uint32Array(words);
  strike(absent, 0, undefined);
  const cache = new BitmapCache(words, seed, (bits, at, bytes, start, end, type) => {
    strike(bits, at, value.set(bytes, start, end, type, 'none'));
    value.clear();
  });
  return { field, cache, absent };
}

/**
 * The index of DESIGN section 2: for each head field a cache from raw value to the rules it leaves possible. A rule is
 * struck out when its whole condition is false whatever the other fields hold, so exclusions count as well.
 */
export function buildRuleIndex(
  specs: readonly FieldSpec[],
  conditions: readonly Condition[],
  seed: number,
): readonly HeadField[] {
  return headFields.flatMap((name, i) => {
    const field = specs.findIndex((spec) => spec.name === name);
    const head = field < 0 ? undefined : headOf(field, conditions, seed + i * 0x9e3779b1);
    return head ? [head] : [];
  });
}
