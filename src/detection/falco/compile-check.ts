import { valueTypes } from '../../core/extracts.ts';
import type { Atom, Condition, ValueTest } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import { ConditionError } from './condition-error.ts';
import type { Check, Operand } from './expression.ts';
import type { DirectReading } from './field-definition.ts';
import { FieldValues, sourceOf, textOfValue } from './field-values.ts';
import { alwaysPresent } from './json-fields.ts';
import { type Evaluable, evaluableOf, type FieldTexts, located } from './operand.ts';
import {
  byteOrderTest,
  type ListOperator,
  listOperators,
  memberTest,
  modifiedTest,
  type NumberOperator,
  numberOf,
  numberOperators,
  numberTest,
  type Operator,
  pathTest,
  type TextOperator,
  type TextTest,
  textTest,
} from './text-operators.ts';

export const always: Condition = { type: 'and', items: [] };
export const never: Condition = { type: 'or', items: [] };

/** What a check asks of the values on its left: each on its own, and how many must fit. */
interface Question {
  readonly about: string;
  readonly quantifier: 'any' | 'all';
  readonly test: TextTest;
}

const isNumberOperator = (operator: Operator): operator is NumberOperator =>
  (numberOperators as readonly string[]).includes(operator);
const isListOperator = (operator: Operator): operator is ListOperator => (listOperators as readonly string[]).includes(operator);

const literalsOf = (operand: Operand | undefined): readonly string[] =>
  operand?.type === 'list'
    ? operand.items.flatMap((item) => (item.type === 'text' ? item.text : []))
    : operand?.type === 'text'
      ? [operand.text]
      : [];

export interface CheckContext {
  readonly table: FieldTable;
  /** As Falco and its plugins do it, mistakes included. */
  readonly upstream: boolean;
}

class CheckCompiler {
  readonly #check: Check;
  readonly #context: CheckContext;
  readonly #left: Evaluable;

  constructor(check: Check, context: CheckContext) {
    this.#check = check;
    this.#context = context;
    this.#left = evaluableOf(check.left, context.upstream);
  }

  compile(): Condition {
    this.#checkOperator();
    const moment = this.#ofMoment();
    if (moment) return moment;
    const { right } = this.#check;
    if (right?.type === 'call') return this.#computed(evaluableOf(right, this.#context.upstream));
    const question = located(right?.at ?? this.#check.at, () => this.#question(literalsOf(right)));
    const { direct } = this.#left;
    return direct ? this.#direct(direct, question) : this.#computed(undefined, question);
  }

  #wrong(message: string, remedy: string): ConditionError {
    return new ConditionError(message, this.#check.at, { remedy });
  }

  /** Which operators a list, a number and a text take. */
  #checkOperator(): void {
    const { operator, modifier, left } = this.#check;
    const { isList, isNumber, about } = this.#left;
    if (left.type === 'text' || left.type === 'list')
      throw this.#wrong('a check starts with a field', 'Write field operator value.');
    if (operator === 'exists') return;
    if (isList && (modifier !== undefined || !['in', 'intersects'].includes(operator))) {
      const remedy = 'Lists take "exists", "in" (every value is in the list) and "intersects" (one is).';
      throw this.#wrong(`${about} is a list, and "${operator}" compares one value`, remedy);
    }
    const forNumbers = ['=', '==', '!=', 'in', 'intersects', ...numberOperators];
    if (isNumber && !forNumbers.includes(operator))
      throw this.#wrong(`${about} is a number, and "${operator}" compares texts`, `Numbers take ${forNumbers.join(', ')}.`);
  }

  /** Every event has a time, and none that is 0: the two checks that rules use for "always" and "never". */
  #ofMoment(): Condition | undefined {
    const { left, operator, right, modifier } = this.#check;
    if (left.type !== 'field' || !alwaysPresent.has(left.name)) return undefined;
    if (operator === 'exists') return always;
    const withZero = modifier === undefined && right?.type === 'text' && right.text === '0';
    if (withZero && /rawtime$|^evt\.num$/.test(left.name)) {
      if (['=', '==', '<', '<='].includes(operator)) return never;
      if (['!=', '>', '>='].includes(operator)) return always;
    }
    if (left.name === 'evt.num') throw this.#wrong('evt.num is compared with 0 only', 'Events have no number here.');
    return undefined;
  }

  #question(wanted: readonly string[]): Question {
    const { operator, modifier } = this.#check;
    const shown = wanted.map((text) => JSON.stringify(text)).join(', ');
    if (operator === 'exists') return { about: 'exists', quantifier: 'any', test: () => true };
    const listed = isListOperator(operator) || modifier !== undefined;
    const about = `${operator} ${modifier === undefined ? '' : `${modifier} `}${listed ? `(${shown})` : shown}`;
    const quantifier = operator === 'in' ? 'all' : 'any';
    return { about, quantifier, test: this.#test(operator, wanted) };
  }

  #test(operator: Operator, wanted: readonly string[]): TextTest {
    const { modifier } = this.#check;
    const [first = ''] = wanted;
    if (this.#left.isNumber) return this.#numericTest(operator, wanted);
    if (isNumberOperator(operator)) return this.#context.upstream ? byteOrderTest(operator, first) : numberTest(operator, first);
    if (operator === 'pmatch') return pathTest(wanted);
    if (isListOperator(operator)) return memberTest(wanted);
    if (modifier !== undefined)
      return modifiedTest(
        modifier,
        wanted.map((text) => textTest(operator as TextOperator, text)),
      );
    return textTest(operator as TextOperator, first);
  }

  /** Equality of numbers, whatever their spelling. */
  #numericTest(operator: Operator, wanted: readonly string[]): TextTest {
    const { modifier } = this.#check;
    if (isNumberOperator(operator)) return numberTest(operator, wanted[0] ?? '');
    for (const text of wanted) numberTest('<', text);
    const equals = wanted.map((text) => (value: string) => numberOf(value) === numberOf(text));
    const differs = wanted.map((text) => (value: string) => numberOf(value) !== numberOf(text));
    return modifiedTest(modifier ?? 'anyof', operator === '!=' ? differs : equals);
  }

  /** A clause on extracted values, which the matcher's index can use. */
  #direct(direct: DirectReading, question: Question): Atom {
    const { about, quantifier, test } = question;
    const elements = direct.values === 'elements';
    const map = direct.map;
    const holds: ValueTest['test'] = (value) => {
      if (elements && value.type === valueTypes.array) return false;
      const text = textOfValue(value);
      const mapped = text !== undefined && map ? map(text) : text;
      return mapped !== undefined && test(mapped);
    };
    return {
      type: 'atom',
      name: this.#left.about,
      sources: [sourceOf(this.#context.table, direct.path)],
      tests: [{ about, key: `${this.#left.about} ${about}${this.#context.upstream ? ' upstream' : ''}`, test: holds }],
      quantifier: elements ? quantifier : 'any',
    };
  }

  /** A clause that reads whole fields, or compares one with another. */
  #computed(right: Evaluable | undefined, question?: Question): Condition {
    const left = this.#left;
    const fields = [...left.fields, ...(right?.fields ?? [])];
    const holds = (read: FieldTexts): boolean => {
      const values = left.texts(read);
      if (values.length === 0) return false;
      const asked = question ?? this.#questionFrom(right?.texts(read) ?? []);
      if (!asked) return false;
      return asked.quantifier === 'all' ? values.every(asked.test) : values.some(asked.test);
    };
    if (right) this.#checkSides(right);
    if (fields.every(({ places }) => places.length === 0)) return holds((field) => field.texts([])) ? always : never;
    const values = new FieldValues(this.#context.table, fields);
    return {
      type: 'atom',
      name: left.about,
      sources: values.sources,
      tests: [{ about: question?.about ?? `${this.#check.operator} ${right?.about ?? ''}`, test: () => false }],
      quantifier: 'any',
      decide: (valuesOf) => holds(values.reader(valuesOf)),
    };
  }

  /** What another field of the same event asks for; undefined where it is missing or asks for no number. */
  #questionFrom(wanted: readonly string[]): Question | undefined {
    if (wanted.length === 0) return undefined;
    const { operator } = this.#check;
    if ((isNumberOperator(operator) && !this.#context.upstream) || this.#left.isNumber) {
      if (wanted.some((text) => Number.isNaN(numberOf(text)))) return undefined;
    }
    return this.#question(wanted);
  }

  #checkSides(right: Evaluable): void {
    const { operator } = this.#check;
    const remedy = 'Write the values out.';
    if (['glob', 'iglob', 'regex', 'pmatch', 'bcontains', 'bstartswith'].includes(operator))
      throw this.#wrong(`"${operator}" takes its pattern from the rule, not from ${right.about}`, remedy);
    if (right.isList && !isListOperator(operator))
      throw this.#wrong(
        `${right.about} is a list, and "${operator}" compares one value`,
        'Lists stand after "in" and "intersects".',
      );
    if (right.isNumber !== this.#left.isNumber && !isNumberOperator(operator))
      throw this.#wrong(`${this.#left.about} and ${right.about} are not both numbers`, 'Compare a number with a number.');
  }
}

/** Compiles one comparison. @throws ConditionError */
export function compileCheck(check: Check, context: CheckContext): Condition {
  return new CheckCompiler(check, context).compile();
}
