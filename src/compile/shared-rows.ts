import type { Automaton } from '../scan/plan.ts';

/** Rows of so many symbols, each once: what is read for an event stays in the processor's cache. @param table by state, row by row */
export function sharedRows(table: Uint16Array, symbols: number): Pick<Automaton, 'rowOf' | 'transitions'> {
  const rowOf = new Uint16Array(table.length / symbols);
  const numbers = new Map<string, number>();
  const shared = new Uint16Array(table.length);
  for (let state = 0; state < rowOf.length; state++) {
    const row = table.subarray(state * symbols, (state + 1) * symbols);
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
