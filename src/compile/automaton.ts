import { Fault } from '../core/faults.ts';
import type { Automaton } from '../scan/plan.ts';
import type { MemberPath } from './member-path.ts';
import { sharedRows } from './shared-rows.ts';

/** A path and what happens to values found there. */
export interface PathEntry {
  readonly path: MemberPath;
  readonly effect: { readonly type: 'action'; readonly action: number } | { readonly type: 'names'; readonly bit: number };
}

/** More states than this means that paths multiply each other; a table of this size still fits a processor cache. */
const maxStates = 8_192;

/** Where messages of CloudWatch stand, and what a subscription packs them in. */
const messages = ['logEvents', 'message'];

/**
 * Places where an audit event starts in an input document: the document itself, items of a list, records of Azure
 * Monitor, messages of CloudWatch, a container's log lines, messages and lists of Google Cloud. Lists stand for their
 * elements, and texts that hold documents for these.
 */
const eventRoots: readonly (readonly string[])[] = [
  [],
  ['items'],
  ['properties', 'log'],
  ['records', 'properties', 'log'],
  messages,
  ['events', 'message'],
  ['awslogs', 'data', ...messages],
  ['Records', 'kinesis', 'data', ...messages],
  ['records', 'data', ...messages],
  ['data', ...messages],
  ['message'],
  ['@message'],
  ['message', 'data'],
  ['entries'],
  ['log'],
];

/**
 * Compiles paths to an automaton over member names by subset construction. A state is the set of path positions that
 * a value may be at; paths from `any` start anew in every object.
 */
export function compileAutomaton(entries: readonly PathEntry[], symbols: readonly string[]): Automaton {
  const of = JSON.stringify([entries, symbols]);
  if (last?.of !== of) last = { of, automaton: new AutomatonBuilder(entries, symbols).build() };
  return last.automaton;
}
/** Plans that differ in patterns alone, as where examples enable kinds one after the other, have one automaton. */
let last: { readonly of: string; readonly automaton: Automaton } | undefined;

/** The names that paths spell out: the alphabet. */
export function alphabetOf(entries: readonly PathEntry[]): string[] {
  const names = new Set(eventRoots.flat());
  for (const entry of entries) for (const name of entry.path.names) if (name !== '*') names.add(name);
  return [...names].sort();
}

/** One position: entry number * 64 + names already passed. Event root paths have negative entry numbers. */
type Item = number;
const item = (entry: number, passed: number): Item => entry * 64 + passed;

class AutomatonBuilder {
  readonly #entries: readonly PathEntry[];
  readonly #symbols: readonly string[];
  /** Positions that belong to every state; a state's set holds only the others. */
  readonly #anywhere: readonly Item[];
  readonly #atEvent: readonly Item[];
  readonly #ids = new Map<string, number>();
  readonly #sets: (readonly Item[])[] = [];
  readonly #rows: Uint16Array[] = [];

  constructor(entries: readonly PathEntry[], symbols: readonly string[]) {
    this.#entries = entries;
    this.#symbols = symbols;
    this.#anywhere = entries.flatMap((entry, i) => (entry.path.from === 'any' ? [item(i, 0)] : []));
    this.#atEvent = entries.flatMap((entry, i) => (entry.path.from === 'event' ? [item(i, 0)] : []));
  }

  build(): Automaton {
    const start = this.#stateOf(eventRoots.map((_, i) => item(-1 - i, 0)));
    const names = [undefined, ...this.#symbols];
    const numbers = new Map(this.#symbols.map((name, i) => [name, i + 1]));
    // Where a path that can start anywhere is after one name, by symbol: the same from every state.
    const begun = names.map((name) => this.#after(this.#anywhere, name));
    const fresh = begun.map((items) => this.#stateOf(items));
    for (let state = 0; state < this.#sets.length; state++) {
      const row = Uint16Array.from(fresh);
      this.#rows[state] = row;
      const set = this.#sets[state] as readonly Item[];
      for (const symbol of this.#expected(set, numbers))
        row[symbol] = this.#stateOf([...this.#after(set, names[symbol]), ...(begun[symbol] as readonly Item[])]);
    }
    return this.#tables(start);
  }

  /** Symbols that lead on from some position of the set. */
  #expected(set: readonly Item[], numbers: ReadonlyMap<string, number>): Iterable<number> {
    const symbols = new Set<number>();
    for (const at of set) {
      const name = this.#nameAfter(at);
      if (name === '*') return Array.from({ length: this.#symbols.length + 1 }, (_, symbol) => symbol);
      if (name !== undefined) symbols.add(numbers.get(name) ?? 0);
    }
    return symbols;
  }

  #namesOf(entry: number): readonly string[] {
    return entry < 0 ? (eventRoots[-1 - entry] ?? []) : (this.#entries[entry]?.path.names ?? []);
  }

  #nameAfter(at: Item): string | undefined {
    const entry = Math.floor(at / 64);
    return this.#namesOf(entry)[at - entry * 64];
  }

  #after(items: readonly Item[], name: string | undefined): Item[] {
    return items.flatMap((at) => {
      const expected = this.#nameAfter(at);
      return expected === '*' || (expected !== undefined && expected === name) ? [at + 1] : [];
    });
  }

  #stateOf(items: readonly Item[]): number {
    const closed = new Set(items);
    for (const at of items) if (at < 0 && this.#isDone(at)) for (const begin of this.#atEvent) closed.add(begin);
    const set = [...closed].sort((a, b) => a - b);
    const key = set.join(',');
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#sets.length >= maxStates) {
      throw new Fault(`the paths of packs and rules need more than ${maxStates} states`, {
        code: 'E_PLAN_STATES',
        remedy: 'Use fewer paths that start with ** and hold *.',
      });
    }
    this.#ids.set(key, this.#sets.length);
    this.#sets.push(set);
    return this.#sets.length - 1;
  }

  #isDone(at: Item): boolean {
    const entry = Math.floor(at / 64);
    return at - entry * 64 === this.#namesOf(entry).length;
  }

  /** All positions of a state, in the order of their entries. */
  #with(state: number): readonly Item[] {
    return [...(this.#sets[state] ?? []), ...this.#anywhere].sort((a, b) => a - b);
  }

  #tables(start: number): Automaton {
    const states = this.#sets.length;
    const symbols = this.#symbols.length + 1;
    const table = new Uint16Array(states * symbols);
    const actionOffsets = new Uint32Array(states + 1);
    const roots = new Uint8Array(states);
    const nameBits = new Uint32Array(states);
    const actionList: number[] = [];
    for (let state = 0; state < states; state++) {
      table.set(this.#rows[state] ?? [], state * symbols);
      for (const at of this.#with(state)) {
        if (!this.#isDone(at)) continue;
        const effect = this.#entries[Math.floor(at / 64)]?.effect;
        if (at < 0) roots[state] = 1;
        else if (effect?.type === 'action') actionList.push(effect.action);
        else if (effect?.type === 'names') nameBits[state] = (nameBits[state] ?? 0) | (1 << effect.bit);
      }
      actionOffsets[state + 1] = actionList.length;
    }
    return {
      states,
      symbols,
      ...sharedRows(table, symbols),
      start,
      actionOffsets,
      actionList: Uint16Array.from(actionList),
      eventRoots: roots,
      nameBits,
    };
  }
}
