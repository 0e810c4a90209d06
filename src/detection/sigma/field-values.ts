import { valueTypes } from '../../core/extracts.ts';
import { Fault } from '../../core/faults.ts';
import { type Atom, allOf, anyOf, type Condition, type EventValue, negate, type ValueTest } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import { oneOf, present } from '../predicates.ts';
import { keywordCondition } from './keywords.ts';
import { type Modifiers, readModifiers } from './modifier-chain.ts';
import { testsOfValue } from './modifiers.ts';
import { expandPlaceholders, literalExpression, type Placeholders } from './placeholders.ts';
import { parseSigmaString, plainText } from './sigma-string.ts';
import type { Member, YamlSource } from './yaml-source.ts';

/** Whole texts without wildcards become one look-up instead of one test each. */
const lookupFrom = 3;

const badValue = (message: string, remedy?: string): Fault =>
  new Fault(message, { code: 'E_RULE_VALUE', ...(remedy === undefined ? {} : { remedy }) });

/** What a `detection` section needs besides its text. */
export interface DetectionContext {
  readonly fields: FieldTable;
  readonly placeholders: Placeholders;
  /** Told of a list that a value names and nobody has filled yet. */
  readonly emptyList?: (name: string) => void;
}

/** Compiles `field|modifiers: values` and lists of keywords. Throws Faults without a place. */
export class FieldValues {
  readonly #source: YamlSource;
  readonly #fields: FieldTable;
  readonly #placeholders: Placeholders;
  readonly #emptyList: ((name: string) => void) | undefined;

  constructor(source: YamlSource, { fields, placeholders, emptyList }: DetectionContext) {
    this.#source = source;
    this.#fields = fields;
    this.#placeholders = placeholders;
    this.#emptyList = emptyList;
  }

  /** One member of a selection. */
  member(member: Member): Condition {
    const [name = '', ...names] = member.name.split('|');
    const modifiers = readModifiers(names);
    const nodes = this.#source.list(member.value);
    if (nodes.length === 0) throw badValue(`"${member.name}" has an empty list of values`);
    if (name === '') return this.keywords(nodes, modifiers);
    if (/\[\d+\]/.test(name))
      throw new Fault('array positions are not supported', {
        code: 'E_RULE_FIELD',
        remedy: 'Leave the brackets out: any element counts.',
      });
    return this.#values(name, modifiers, nodes);
  }

  /** Texts without a field. */
  keywords(nodes: readonly unknown[], modifiers: Modifiers = readModifiers([])): Condition {
    const values = nodes.map((node) => {
      const text = this.#source.text(node);
      if (text === undefined || text === '') throw badValue('a keyword is a text or a number');
      return this.#texts(text, modifiers);
    });
    return keywordCondition(values, modifiers, this.#fields);
  }

  #atom(name: string, tests: readonly ValueTest[], quantifier: Atom['quantifier']): Condition {
    return { type: 'atom', name, sources: this.#fields.resolve(name), tests, quantifier };
  }

  #values(name: string, modifiers: Modifiers, nodes: readonly unknown[]): Condition {
    if (modifiers.exists) return this.#exists(name, nodes);
    if (modifiers.isNull) return this.#null(name, nodes);
    if (modifiers.fieldref) return this.#references(name, modifiers, nodes);
    const items = nodes.map((node) => this.#value(name, node, modifiers, nodes.length > 1));
    if (modifiers.all) return allOf(items.map((item) => item.condition));
    const tests = items.flatMap((item) => item.tests);
    const others = items.filter((item) => item.tests.length === 0).map((item) => item.condition);
    if (modifiers.neq) return allOf([...(tests.length ? [this.#atom(name, tests, 'none')] : []), ...others]);
    const quantifier = modifiers.every ? 'all' : 'any';
    return anyOf([...(tests.length ? [this.#atom(name, shortened(items, modifiers) ?? tests, quantifier)] : []), ...others]);
  }

  #exists(name: string, nodes: readonly unknown[]): Condition {
    const atom = this.#atom(name, [present], 'any');
    return this.#truth('exists', nodes) ? atom : negate(atom);
  }

  #truth(modifier: string, nodes: readonly unknown[]): boolean {
    const text = this.#source.text(nodes[0])?.toLowerCase();
    if (nodes.length !== 1 || (text !== 'true' && text !== 'false')) throw badValue(`"${modifier}" takes true or false`);
    return text === 'true';
  }

  /** Other tests pass over null, as if the field were missing; a merge patch removes fields with it (RFC 7386). */
  #null(name: string, nodes: readonly unknown[]): Condition {
    const sources = this.#fields.resolve(name);
    const atom: Condition = {
      type: 'atom',
      name,
      sources,
      tests: [{ about: 'is null', test: () => false }],
      quantifier: 'any',
      decide: (valuesOf) => sources.some((_, i) => valuesOf(i).some((value) => value.type === valueTypes.null)),
    };
    return this.#truth('x-null', nodes) ? atom : negate(atom);
  }

  #scalar(node: unknown): string | undefined {
    if (this.#source.map(node) || this.#source.sequence(node))
      throw badValue('a value is a text, a number, true, false or null', 'Name nested fields with dots: a.b.');
    return this.#source.text(node);
  }

  /** The texts a value stands for, placeholders replaced. */
  #texts(text: string, modifiers: Modifiers): readonly string[] {
    if (!modifiers.expand) return [text];
    return expandPlaceholders(text, this.#placeholders, {
      written: modifiers.re === undefined ? String : literalExpression,
      ...(this.#emptyList && { empty: this.#emptyList }),
    });
  }

  #value(name: string, node: unknown, modifiers: Modifiers, listed: boolean): FieldValue {
    const text = this.#scalar(node);
    if (text === undefined) {
      if (listed) throw badValue('null cannot stand in a list of values', 'Use a selection of its own.');
      if (modifiers.anchor !== 'whole' || modifiers.re !== undefined || modifiers.every)
        throw badValue('null is no text to look for');
      const atom = this.#atom(name, [present], 'any');
      return { texts: [], tests: [], condition: modifiers.neq ? atom : negate(atom) };
    }
    const moved = modifiers.every ? undefined : this.#fields.mapping.values.get(`${name} ${text}`.toLowerCase());
    const texts = this.#texts(moved?.value ?? text, modifiers);
    const tests = texts.flatMap((one) => testsOfValue(one, modifiers));
    const condition = this.#atom(moved?.field ?? name, tests, modifiers.neq ? 'none' : 'any');
    return { texts, tests: moved ? [] : tests, condition };
  }

  #references(name: string, modifiers: Modifiers, nodes: readonly unknown[]): Condition {
    const items = nodes.map((node) => {
      const other = this.#scalar(node);
      if (other === undefined) throw badValue('"fieldref" takes the name of a field');
      return this.#reference(name, other, modifiers);
    });
    return modifiers.all || modifiers.neq ? allOf(items) : anyOf(items);
  }

  /** Some value of the one field fits some value of the other; with `neq` the first is there and none does. */
  #reference(name: string, other: string, { anchor, cased, neq }: Modifiers): Condition {
    const own = this.#fields.resolve(name);
    const sources = [...own, ...this.#fields.resolve(other)];
    const textOf = (value: EventValue): string => (cased ? value.text() : value.folded());
    const fits = {
      whole: (have: string, want: string) => have === want,
      contains: (have: string, want: string) => have.includes(want),
      startswith: (have: string, want: string) => have.startsWith(want),
      endswith: (have: string, want: string) => have.endsWith(want),
    }[anchor];
    const verb = { whole: 'equals', contains: 'contains', startswith: 'starts with', endswith: 'ends with' }[anchor];
    return {
      type: 'atom',
      name,
      sources,
      tests: [{ about: `${neq ? 'not: ' : ''}${verb} the field "${other}"`, test: () => false }],
      quantifier: 'any',
      decide: (valuesOf) => {
        const scalars = sources.map((_, i) =>
          valuesOf(i)
            .filter((value) => value.type < valueTypes.null)
            .map(textOf),
        );
        const [have, want] = [scalars.slice(0, own.length).flat(), scalars.slice(own.length).flat()];
        const found = have.some((one) => want.some((text) => fits(one, text)));
        return neq ? have.length > 0 && !found : found;
      },
    };
  }
}

interface FieldValue {
  readonly texts: readonly string[];
  /** Empty where the value belongs to another field or is none. */
  readonly tests: readonly ValueTest[];
  readonly condition: Condition;
}

/** A look-up in place of many whole texts. */
function shortened(items: readonly FieldValue[], modifiers: Modifiers): readonly ValueTest[] | undefined {
  const { anchor, cased, windash, cidr, re, compare, timePart, wide } = modifiers;
  const simple = anchor === 'whole' && !cased && !windash && !cidr && wide === undefined;
  if (!simple || re !== undefined || compare || timePart) return undefined;
  const own = items.filter((item) => item.tests.length > 0).flatMap((item) => item.texts);
  const texts = own.map((text) => plainText(parseSigmaString(text)));
  const whole = texts.filter((text): text is string => text !== undefined && !/^-?\d/.test(text));
  return whole.length === own.length && own.length >= lookupFrom ? [oneOf(whole)] : undefined;
}
