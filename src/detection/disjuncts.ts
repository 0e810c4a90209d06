import { allOf, atomsOf, type Condition } from './condition.ts';

/** A rule is split into this many cases at most; beyond that its `or` stays as it is. */
const maxCases = 8;

/** Whether the alternatives look at different fields: only then does splitting tell the index more. */
function mixesFields(condition: Condition): boolean {
  const fields = new Set(atomsOf(condition).flatMap((atom) => atom.sources.map((source) => source.field)));
  return fields.size > 1;
}

/**
 * Cases whose `or` is the condition: the `or` of different fields in its outermost conjunction is multiplied out. The
 * index looks at one field at a time; in `user is x or group is y` it could never rule anything out, in each case it can.
 */
export function disjunctsOf(condition: Condition): readonly Condition[] {
  if (condition.type === 'or' && mixesFields(condition) && condition.items.length <= maxCases) {
    const cases = condition.items.flatMap(disjunctsOf);
    return cases.length <= maxCases ? cases : [condition];
  }
  if (condition.type !== 'and') return [condition];
  let cases: readonly (readonly Condition[])[] = [[]];
  for (const item of condition.items) {
    const alternatives = item.type === 'or' ? disjunctsOf(item) : [item];
    const split = cases.length * alternatives.length <= maxCases ? alternatives : [item];
    cases = cases.flatMap((parts) => split.map((alternative) => [...parts, alternative]));
  }
  return cases.map(allOf);
}
