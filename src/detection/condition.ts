/** How the bytes of a field become the text a test sees. `command`: the `command` parameters of a URI, decoded and joined with blanks. */
export const transforms = ['none', 'command', 'percent', 'certificateSubject', 'plural', 'generatedFrom'] as const;
export type Transform = (typeof transforms)[number];

/** Where values come from: number of a FieldSpec, and what is done to each value first. */
export interface ValueSource {
  readonly field: number;
  readonly transform: Transform;
}

/** One value of an event as tests see it. Texts are made when first asked for. */
export interface EventValue {
  /** `valueTypes` of core/extracts.ts. */
  readonly type: number;
  /** Decoded text of a string, source text of a number, `true`, `false`; for objects and arrays their JSON. */
  text(): string;
  /** The text in lower case. */
  folded(): string;
  /** The decoded text as UTF-8. */
  utf8(): Uint8Array;
  /** Bytes the value takes in the event. */
  readonly size: number;
  /** Whether a text, number or truth value somewhere inside an object or array passes; names of members are no values. */
  some(passes: (value: EventValue) => boolean): boolean;
}

/** A test of one value. Pure; knows nothing of rule languages. */
export interface ValueTest {
  /** As people read it, for `explain` and `lint`: `equals "list"`. */
  readonly about: string;
  /** Tests with the same key say the same of every value; the matcher runs such tests once. */
  readonly key?: string;
  /** Every text of a character and more, number and truth value passes: that there is one says enough. */
  readonly isPresence?: true;
  test(value: EventValue): boolean;
}

/**
 * The leaf of a condition. `any`: some value passes some test. `all`: there are values, and each passes some test.
 * `none`: there are values, and no value passes a test. Without a value an atom is false whatever the quantifier.
 */
export interface Atom {
  readonly type: 'atom';
  /** Field name as the rule wrote it. */
  readonly name: string;
  readonly sources: readonly ValueSource[];
  readonly tests: readonly ValueTest[];
  readonly quantifier: 'any' | 'all' | 'none';
  /**
   * Decides from all values at once, where a test of one value cannot: positions, several fields, lists as a whole.
   * Then only `about` is used of the tests. Gets the values of a source by its index, in input order: for a list the
   * list itself, then its elements. Without any value of any source it must be false.
   */
  readonly decide?: (valuesOf: (source: number) => readonly EventValue[]) => boolean;
  /**
   * Of a search through the whole event: texts in lower case of which the bytes of an event must hold one, written without
   * escapes, for the atom to hold. The matcher looks for those of all rules at once before it reads an event closely.
   */
  readonly needles?: readonly string[];
}

/** What every rule language compiles to. An empty `and` is true, an empty `or` is false. */
export type Condition =
  | Atom
  | { readonly type: 'and'; readonly items: readonly Condition[] }
  | { readonly type: 'or'; readonly items: readonly Condition[] }
  | { readonly type: 'not'; readonly item: Condition };

/** A conjunction without needless nesting. */
export function allOf(items: readonly Condition[]): Condition {
  const flat = items.flatMap((item) => (item.type === 'and' ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { type: 'and', items: flat };
}

/** A disjunction without needless nesting. */
export function anyOf(items: readonly Condition[]): Condition {
  const flat = items.flatMap((item) => (item.type === 'or' ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only ? only : { type: 'or', items: flat };
}

export function negate(item: Condition): Condition {
  return item.type === 'not' ? item.item : { type: 'not', item };
}

/** Whether the condition holds, when `holds` decides the atoms. */
export function evaluate(condition: Condition, holds: (atom: Atom) => boolean): boolean {
  switch (condition.type) {
    case 'atom':
      return holds(condition);
    case 'and':
      for (const item of condition.items) if (!evaluate(item, holds)) return false;
      return true;
    case 'or':
      for (const item of condition.items) if (evaluate(item, holds)) return true;
      return false;
    case 'not':
      return !evaluate(condition.item, holds);
  }
}

/**
 * The same where some atoms are not known (`undefined`): Kleene's three-valued logic. A result of `false` means that
 * no value of the unknown atoms can make the condition true.
 */
export function evaluatePartly(condition: Condition, holds: (atom: Atom) => boolean | undefined): boolean | undefined {
  switch (condition.type) {
    case 'atom':
      return holds(condition);
    case 'not': {
      const inner = evaluatePartly(condition.item, holds);
      return inner === undefined ? undefined : !inner;
    }
    default: {
      const decisive = condition.type === 'or';
      let unknown = false;
      for (const item of condition.items) {
        const result = evaluatePartly(item, holds);
        if (result === decisive) return decisive;
        if (result === undefined) unknown = true;
      }
      return unknown ? undefined : !decisive;
    }
  }
}

/** An atom that still decides, and whether an odd number of `not` stands above it. */
export interface OpenAtom {
  readonly atom: Atom;
  readonly negated: boolean;
}

/** Atoms on which the result still depends where `holds` leaves them open (`undefined`); none where it is settled. */
export function openAtoms(
  condition: Condition,
  holds: (atom: Atom) => boolean | undefined,
  negated = false,
): readonly OpenAtom[] {
  if (evaluatePartly(condition, holds) !== undefined) return [];
  switch (condition.type) {
    case 'atom':
      return [{ atom: condition, negated }];
    case 'not':
      return openAtoms(condition.item, holds, !negated);
    default:
      return condition.items.flatMap((item) => openAtoms(item, holds, negated));
  }
}

/** Every atom of a condition, in reading order. */
export function atomsOf(condition: Condition): readonly Atom[] {
  switch (condition.type) {
    case 'atom':
      return [condition];
    case 'not':
      return atomsOf(condition.item);
    default:
      return condition.items.flatMap(atomsOf);
  }
}
