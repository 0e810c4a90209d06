import type { Atom, Condition, ValueTest } from './condition.ts';

/**
 * A condition as the matcher runs it: the number of an atom, the complement of one (`~number`, not that atom), or a list
 * of which all or any must hold. `not` has moved down to the atoms. An empty list of `all` is true, one of `any` false.
 */
export type Program = number | { readonly all: boolean; readonly items: readonly Program[] };

const always: Program = { all: true, items: [] };
const never: Program = { all: false, items: [] };
const isConstant = (program: Program, value: boolean): boolean =>
  typeof program !== 'number' && program.items.length === 0 && program.all === value;

/** A list without needless nesting and constants. */
function joined(all: boolean, items: readonly Program[]): Program {
  if (items.some((item) => isConstant(item, !all))) return all ? never : always;
  const flat = items.flatMap((item) => (typeof item !== 'number' && item.all === all ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { all, items: flat };
}

/** Whether the program holds, when `holds` decides the atoms. */
export function runs(program: Program, holds: (atom: number) => boolean): boolean {
  if (typeof program === 'number') return program >= 0 ? holds(program) : !holds(~program);
  const { all, items } = program;
  for (let i = 0; i < items.length; i++) if (runs(items[i] as Program, holds) !== all) return !all;
  return all;
}

/** When the program is false for certain, whatever atoms hold that are not among the known ones: a program over these. */
export function falseWhen(program: Program, isKnown: (atom: number) => boolean): Program {
  if (typeof program === 'number') return isKnown(program >= 0 ? program : ~program) ? ~program : never;
  return joined(
    !program.all,
    program.items.map((item) => falseWhen(item, isKnown)),
  );
}

/** Atoms of a program, each time it names them. */
export function atomNumbers(program: Program): readonly number[] {
  if (typeof program === 'number') return [program >= 0 ? program : ~program];
  return program.items.flatMap(atomNumbers);
}

/** Numbers the atoms of many conditions; two that ask the same of the same values are one. */
export class AtomTable {
  readonly atoms: Atom[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #testNumbers = new Map<ValueTest | string, number>();

  program(condition: Condition, negated = false): Program {
    switch (condition.type) {
      case 'atom':
        return negated ? ~this.#number(condition) : this.#number(condition);
      case 'not':
        return this.program(condition.item, !negated);
      default:
        return joined(
          (condition.type === 'and') !== negated,
          condition.items.map((item) => this.program(item, negated)),
        );
    }
  }

  #number(atom: Atom): number {
    const sources = atom.sources.map(({ field, transform }) => `${field} ${transform}`);
    const tests = atom.tests.map((test) => this.#testNumber(test)).sort();
    const own = atom.decide ? `own ${this.atoms.length}` : '';
    const key = [atom.quantifier, ...sources, ...tests, own].join('|');
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.atoms.length);
    return this.atoms.push(atom) - 1;
  }

  #testNumber(test: ValueTest): number {
    const key = test.key ?? test;
    const number = this.#testNumbers.get(key) ?? this.#testNumbers.size;
    this.#testNumbers.set(key, number);
    return number;
  }
}
