import { checkedPattern, type Pattern } from '../pattern.ts';
import type { Plan } from '../plan.ts';
import type { KeyTable } from './key-table.ts';

type Test = (bytes: Uint8Array, start: number, end: number) => boolean;

/** The plan's predicates, ready to test decoded string values. */
export class PredicateTests {
  readonly #tests: readonly Test[];

  constructor(plan: Plan, keys: KeyTable) {
    this.#tests = plan.predicates.map((predicate): Test => {
      switch (predicate.type) {
        case 'literals':
          return anyOf(predicate.values.map((value) => Buffer.from(value)));
        case 'names':
          return (bytes, start, end) => (keys.classify(bytes, start, end) & (1 << predicate.nameClass)) !== 0;
        case 'present':
          return () => true;
        case 'matches':
          return matching(checkedPattern(predicate.expression));
      }
    });
  }

  test(predicate: number, bytes: Uint8Array, start: number, end: number): boolean {
    return (this.#tests[predicate] as Test)(bytes, start, end);
  }
}

function anyOf(values: readonly Uint8Array[]): Test {
  return (bytes, start, end) => {
    for (let i = 0; i < values.length; i++) if (isText(values[i] as Uint8Array, bytes, start, end)) return true;
    return false;
  };
}

function isText(value: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (value.length !== end - start) return false;
  for (let i = 0; i < value.length; i++) if (bytes[start + i] !== value[i]) return false;
  return true;
}

function matching(pattern: Pattern): Test {
  return (bytes, start, end) => pattern.test(bytes.subarray(start, end));
}
