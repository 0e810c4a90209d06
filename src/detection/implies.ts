import type { Atom, Condition } from './condition.ts';

/** Keys of the alternatives of an atom: `one of "a", "b"` counts as two `equals`. */
function alternativesOf(atom: Atom): ReadonlySet<string> {
  const keys = atom.tests.flatMap(({ about }) => {
    if (!about.startsWith('one of ')) return [about.toLowerCase()];
    const words = JSON.parse(`[${about.slice('one of '.length)}]`) as readonly string[];
    return words.map((word) => `equals ${JSON.stringify(word)}`.toLowerCase());
  });
  return new Set(keys);
}

function atomImplies(one: Atom, other: Atom): boolean {
  if (one === other) return true;
  if (one.decide || other.decide || one.quantifier !== 'any' || other.quantifier !== 'any') return false;
  const sameSources =
    one.sources.length === other.sources.length &&
    one.sources.every(
      (source, i) => source.field === other.sources[i]?.field && source.transform === other.sources[i]?.transform,
    );
  if (!sameSources) return false;
  const wider = alternativesOf(other);
  // "(case matters)" is part of what a test says of itself: such a test is narrower, and only equal to itself.
  return wider.has('exists') || [...alternativesOf(one)].every((key) => wider.has(key));
}

/**
 * Whether every event that fulfils the first condition fulfils the second. True is certain; false may only mean that
 * it cannot be seen from the form of the conditions.
 */
export function implies(one: Condition, other: Condition): boolean {
  if (other.type === 'and') return other.items.every((item) => implies(one, item));
  if (one.type === 'or') return one.items.length > 0 && one.items.every((item) => implies(item, other));
  if (one.type === 'and' && one.items.some((item) => implies(item, other))) return true;
  if (other.type === 'or') return other.items.some((item) => implies(one, item));
  if (one.type === 'not' && other.type === 'not') return implies(other.item, one.item);
  return one.type === 'atom' && other.type === 'atom' && atomImplies(one, other);
}
