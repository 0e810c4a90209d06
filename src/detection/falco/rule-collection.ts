import { didYouMean } from '../../core/closest-word.ts';
import { Fault, type Location } from '../../core/faults.ts';
import { type ConditionPiece, derivedPiece, joinPieces } from './condition-text.ts';
import { appendExceptions, type RuleException } from './exceptions.ts';
import { type ListText, quotedItem } from './put-lists.ts';

export interface NamedList {
  readonly name: string;
  readonly items: readonly string[];
  readonly location: Location;
}

export interface NamedMacro {
  readonly name: string;
  readonly condition: ConditionPiece;
  readonly location: Location;
}

export interface FalcoRule {
  readonly name: string;
  readonly source: string;
  readonly condition: ConditionPiece;
  readonly output: ConditionPiece;
  readonly description: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly exceptions: readonly RuleException[];
  readonly enabled: boolean;
  readonly skipIfUnknownFilter: boolean;
  readonly author: string | undefined;
  readonly licence: string | undefined;
  /** Number of the file it was first defined in: rules keep their first place. */
  readonly fileNumber: number;
  readonly location: Location;
}

/** Parts of a rule that a later item appends or replaces. */
export type RuleChange = Partial<
  Pick<FalcoRule, 'condition' | 'output' | 'description' | 'priority' | 'tags' | 'exceptions' | 'enabled' | 'skipIfUnknownFilter'>
>;

/** Where an item was first defined, and up to where it sees others: the moment it was last changed. */
interface Entry<T> {
  value: T;
  readonly index: number;
  visibility: number;
}

const joinWithBlank = (one: ConditionPiece, more: ConditionPiece): ConditionPiece =>
  joinPieces([one, derivedPiece(' ', more.locate(0)), more]);

/** Lists, macros and rules of all files, in order; later items replace, append to or switch earlier ones. */
export class RuleCollection {
  readonly #lists = new Map<string, Entry<NamedList>>();
  readonly #macros = new Map<string, Entry<NamedMacro>>();
  readonly #rules = new Map<string, Entry<FalcoRule>>();
  #moment = 0;

  #define<T extends { readonly name: string }>(entries: Map<string, Entry<T>>, value: T): void {
    const moment = this.#moment++;
    const known = entries.get(value.name);
    if (known) {
      known.value = value;
      known.visibility = moment;
    } else entries.set(value.name, { value, index: moment, visibility: moment });
  }

  #change<T extends { readonly name: string }>(
    entries: Map<string, Entry<T>>,
    name: string,
    location: Location,
    what: string,
    change: (value: T) => T,
  ): void {
    const known = entries.get(name);
    if (!known) {
      const remedy = `Load the file that defines it first. ${didYouMean(name, [...entries.keys()])}`;
      throw new Fault(`there is no ${what} "${name}" to change`, { code: 'E_RULE_UNKNOWN', location, remedy });
    }
    known.value = change(known.value);
    known.visibility = this.#moment++;
  }

  defineList(list: NamedList): void {
    this.#define(this.#lists, list);
  }

  appendList(list: NamedList): void {
    this.#change(this.#lists, list.name, list.location, 'list', (known) => ({
      ...known,
      items: [...known.items, ...list.items],
    }));
  }

  defineMacro(macro: NamedMacro): void {
    this.#define(this.#macros, macro);
  }

  appendMacro(macro: NamedMacro): void {
    const append = (known: NamedMacro): NamedMacro => ({ ...known, condition: joinWithBlank(known.condition, macro.condition) });
    this.#change(this.#macros, macro.name, macro.location, 'macro', append);
  }

  /** @throws Fault E_RULE_SOURCE where the rule was defined for another source before */
  defineRule(rule: FalcoRule): void {
    const known = this.#rules.get(rule.name)?.value;
    if (known && known.source !== rule.source) {
      const remedy = `It was defined for "${known.source}" at ${known.location.file}:${known.location.line}. Write the same source.`;
      throw new Fault(`"${rule.name}" is defined again for the source "${rule.source}"`, {
        code: 'E_RULE_SOURCE',
        location: rule.location,
        remedy,
      });
    }
    this.#define(this.#rules, known ? { ...rule, fileNumber: known.fileNumber } : rule);
  }

  appendRule(name: string, location: Location, more: RuleChange): void {
    this.#change(this.#rules, name, location, 'rule', (rule) => ({
      ...rule,
      ...(more.condition ? { condition: joinWithBlank(rule.condition, more.condition) } : {}),
      ...(more.output ? { output: joinWithBlank(rule.output, more.output) } : {}),
      ...(more.description === undefined ? {} : { description: `${rule.description} ${more.description}` }),
      ...(more.tags ? { tags: [...new Set([...rule.tags, ...more.tags])] } : {}),
      ...(more.exceptions ? { exceptions: appendExceptions(rule.exceptions, more.exceptions) } : {}),
    }));
  }

  replaceInRule(name: string, location: Location, change: RuleChange): void {
    this.#change(this.#rules, name, location, 'rule', (rule) => ({ ...rule, ...change }));
  }

  get rules(): readonly FalcoRule[] {
    return [...this.#rules.values()].map(({ value }) => value);
  }

  get macros(): readonly NamedMacro[] {
    return [...this.#macros.values()].map(({ value }) => value);
  }

  /** A macro as another macro or a rule sees it: macros see those defined before they were last changed. */
  macroFor(name: string, user: string | undefined): NamedMacro | undefined {
    const found = this.#macros.get(name);
    const horizon = user === undefined ? Number.POSITIVE_INFINITY : (this.#macros.get(user)?.visibility ?? 0);
    return found && found.index < horizon ? found.value : undefined;
  }

  /** Lists as they are put into conditions. An item that names a list defined before is replaced by its items, once. */
  listTexts(): readonly ListText[] {
    return [...this.#lists.values()].map(({ value, visibility }) => ({
      name: value.name,
      items: value.items.flatMap((item) => {
        const inner = this.#lists.get(item);
        return inner && inner.index < visibility ? inner.value.items.map(quotedItem) : [quotedItem(item)];
      }),
    }));
  }
}
