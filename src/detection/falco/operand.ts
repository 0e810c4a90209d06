import { Fault } from '../../core/faults.ts';
import { ConditionError } from './condition-error.ts';
import type { Operand } from './expression.ts';
import type { DirectReading, FieldReading } from './field-definition.ts';
import { readField } from './fields.ts';
import { findOptions, lengthOf, type TextMap, textMaps, transformerSignatures } from './transformers.ts';

/** Gives the texts of a field in one event; none where it is missing. */
export type FieldTexts = (field: FieldReading) => readonly string[];

/** One side of a comparison, ready to be evaluated. */
export interface Evaluable {
  /** As the rule wrote it. */
  readonly about: string;
  readonly isList: boolean;
  /** Numbers compare as numbers, and take only some operators. */
  readonly isNumber: boolean;
  readonly fields: readonly FieldReading[];
  /** None: missing, and the check is false. */
  readonly texts: (read: FieldTexts) => readonly string[];
  /** Where the values can be tested one by one as they are extracted. */
  readonly direct?: DirectReading;
}

const bracketed = (argument: string | undefined): string => (argument === undefined ? '' : `[${argument}]`);

/** Runs something that may not like the rule, and says where in the condition that is. */
export function located<T>(at: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new ConditionError(error.message, at, {
      code: error.code,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

function fieldSide(operand: Operand & { readonly type: 'field' }, upstream: boolean): Evaluable {
  const field = located(operand.at, () => readField(operand.name, operand.argument, upstream));
  return {
    about: operand.name + bracketed(operand.argument),
    isList: field.isList,
    isNumber: false,
    fields: [field],
    texts: (read) => read(field),
    ...(field.direct ? { direct: field.direct } : {}),
  };
}

function textSide(text: string): Evaluable {
  return { about: JSON.stringify(text), isList: false, isNumber: false, fields: [], texts: () => [text] };
}

/** Maps run from the inside out; a value that one of them drops is no value. */
function mapDirect(direct: DirectReading | undefined, map: TextMap): { readonly direct?: DirectReading } {
  if (!direct) return {};
  const inner = direct.map ?? ((text) => text);
  const both = (text: string): string | undefined => {
    const mapped = inner(text);
    return mapped === undefined ? undefined : map(mapped);
  };
  return { direct: { ...direct, map: both } };
}

function mapped(name: string, inner: Evaluable, map: TextMap): Evaluable {
  return {
    ...inner,
    about: `${name}(${inner.about})`,
    texts: (read) => inner.texts(read).flatMap((text) => map(text) ?? []),
    ...mapDirect(inner.direct, map),
  };
}

function lengthSide(inner: Evaluable): Evaluable {
  const { fields } = inner;
  const about = `len(${inner.about})`;
  if (!inner.isList) {
    const texts = (read: FieldTexts): readonly string[] => inner.texts(read).map(lengthOf);
    return { about, isList: false, isNumber: true, fields, texts, ...mapDirect(inner.direct, lengthOf) };
  }
  const texts = (read: FieldTexts): readonly string[] => {
    const { length } = inner.texts(read);
    return length === 0 ? [] : [String(length)];
  };
  return { about, isList: false, isNumber: true, fields, texts };
}

/** All texts of all parts; none where one of them is missing. */
function allTexts(parts: readonly Evaluable[], read: FieldTexts): readonly string[] | undefined {
  const texts = parts.map((part) => part.texts(read));
  return texts.some((list) => list.length === 0) ? undefined : texts.flat();
}

function joined(name: string, separator: Evaluable, parts: readonly Evaluable[]): Evaluable {
  const about = `${name}(${[separator, ...parts].map((part) => part.about).join(', ')})`;
  const texts = (read: FieldTexts): readonly string[] => {
    const [between] = separator.texts(read);
    const list = allTexts(parts, read);
    return between === undefined || !list ? [] : [list.join(between)];
  };
  return { about, isList: false, isNumber: false, fields: [separator, ...parts].flatMap(({ fields }) => fields), texts };
}

function optionsSide(words: Evaluable, letters: string, selector: string | undefined): Evaluable {
  const about = `getopt(${words.about}, ${JSON.stringify(letters)})${bracketed(selector)}`;
  const wordsOf = (read: FieldTexts): readonly string[] =>
    words.isList ? words.texts(read) : words.texts(read).flatMap((text) => text.split(' ').filter((word) => word !== ''));
  const texts = (read: FieldTexts): readonly string[] => {
    const found = findOptions(wordsOf(read), letters);
    if (selector === undefined) return found.map(({ letter }) => letter);
    return found
      .filter(({ letter }) => letter === selector)
      .slice(0, 1)
      .map(({ argument }) => argument);
  };
  return { about, isList: selector === undefined, isNumber: false, fields: words.fields, texts };
}

class CallReader {
  readonly #call: Operand & { readonly type: 'call' };
  readonly #upstream: boolean;

  constructor(call: Operand & { readonly type: 'call' }, upstream: boolean) {
    this.#call = call;
    this.#upstream = upstream;
  }

  read(): Evaluable {
    const { name, items, selector } = this.#call;
    const signature = transformerSignatures.find((known) => known.name === name);
    if (signature && (items.length < signature.least || items.length > signature.most))
      throw this.#wrong(`${name} does not take ${items.length} arguments`);
    const sides = items.filter(({ type }) => type !== 'list').map((item) => evaluableOf(item, this.#upstream));
    const [first] = sides;
    const lists = items.length - sides.length;
    if (name === 'join') return this.#join();
    if (lists > 0 || !first) throw this.#wrong(`${name} does not take a list in parentheses`);
    if (name === 'val') return first;
    if (name === 'len') return lengthSide(first);
    if (name === 'concat') {
      if (sides.some(({ isList }) => isList)) throw this.#wrong('concat takes single texts, and one of its fields is a list');
      return joined('concat', textSide(''), sides);
    }
    if (name === 'getopt') return this.#options(first, items[1], selector);
    if (first.isNumber) throw this.#wrong(`${name} takes texts, not a number`);
    return mapped(name, first, textMaps[name] as TextMap);
  }

  #wrong(message: string): ConditionError {
    const help = transformerSignatures.find(({ name }) => name === this.#call.name)?.help;
    return new ConditionError(message, this.#call.at, help === undefined ? {} : { remedy: `Write ${help}.` });
  }

  #join(): Evaluable {
    const [between, parts] = this.#call.items;
    const separator = between && between.type !== 'list' ? evaluableOf(between, this.#upstream) : undefined;
    if (!separator || separator.isList) throw this.#wrong('the separator of join is a single text');
    if (parts?.type === 'list') {
      const sides = parts.items.map((item) => evaluableOf(item, this.#upstream));
      if (sides.some(({ isList }) => isList))
        throw this.#wrong('the parentheses of join hold single texts, and one of the fields is a list');
      return joined('join', separator, sides);
    }
    const list = parts && evaluableOf(parts, this.#upstream);
    if (!list?.isList) throw this.#wrong('the second argument of join is a list');
    return joined('join', separator, [list]);
  }

  #options(words: Evaluable, letters: Operand | undefined, selector: string | undefined): Evaluable {
    if (letters?.type !== 'text') throw this.#wrong('the letters of getopt are a quoted text');
    if (selector !== undefined && [...selector].length !== 1) throw this.#wrong('getopt selects one letter');
    return optionsSide(words, letters.text, selector);
  }
}

/** Checks one side of a comparison. @throws ConditionError */
export function evaluableOf(operand: Operand, upstream: boolean): Evaluable {
  switch (operand.type) {
    case 'field':
      return fieldSide(operand, upstream);
    case 'text':
      return textSide(operand.text);
    case 'call':
      return new CallReader(operand, upstream).read();
    case 'list':
      throw new ConditionError('a list cannot stand here', operand.at);
  }
}
