import type { Plan } from '../plan.ts';
import type { WalkTables } from './kernel-layout.ts';

/** Which fields the values of each state are noted under. States with the same fields share a list. */
export function fieldTables({ automaton, actions }: Plan): Pick<WalkTables, 'fieldsOf' | 'fieldLists' | 'mostFields'> {
  const { actionOffsets, actionList, states } = automaton;
  const fieldsOf = new Uint16Array(states);
  const lists: number[] = [0];
  const known = new Map<string, number>();
  let mostFields = 0;
  for (let state = 0; state < states; state++) {
    const fields: number[] = [];
    for (const number of actionList.subarray(actionOffsets[state], actionOffsets[state + 1])) {
      const action = actions[number];
      if (action?.type === 'extract') fields.push(action.field);
    }
    if (fields.length === 0) continue;
    const key = fields.join();
    if (!known.has(key)) {
      known.set(key, lists.length);
      lists.push(fields.length, ...fields);
    }
    fieldsOf[state] = known.get(key) as number;
    mostFields = Math.max(mostFields, fields.length);
  }
  return { fieldsOf, fieldLists: Uint16Array.from(lists), mostFields };
}
