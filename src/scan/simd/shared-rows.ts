import type { Automaton } from '../plan.ts';

/** The rows of an automaton, each once: what is read for an event stays in the processor's cache. */
export interface SharedRows {
  /** By state. */
  readonly rowOf: Uint16Array;
  readonly transitions: Uint16Array;
}

export function sharedRows({ transitions, states, symbols }: Automaton): SharedRows {
  const rowOf = new Uint16Array(states);
  const numbers = new Map<string, number>();
  const shared = new Uint16Array(transitions.length);
  for (let state = 0; state < states; state++) {
    const row = transitions.subarray(state * symbols, (state + 1) * symbols);
    const key = Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString('latin1');
    const number = numbers.get(key) ?? numbers.size;
    if (number === numbers.size) {
      numbers.set(key, number);
      shared.set(row, number * symbols);
    }
    rowOf[state] = number;
  }
  return { rowOf, transitions: shared.slice(0, numbers.size * symbols) };
}
