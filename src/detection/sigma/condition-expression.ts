import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import { allOf, anyOf, type Condition, negate } from '../condition.ts';
import type { YamlSource } from './yaml-source.ts';

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Parentheses and `not` may nest this deep; the parser descends once for each. */
const nestingLimit = 100;

const wrong = (message: string, remedy?: string): Fault =>
  new Fault(message, { code: 'E_RULE_CONDITION', ...(remedy ? { remedy } : {}) });

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const lexer = /\(|\)|\||[^\s()|]+/g;
  for (let match = lexer.exec(text); match; match = lexer.exec(text)) tokens.push({ text: match[0], at: match.index });
  return tokens;
}

/** A recursive descent parser: `or` binds least, then `and`, then `not` (Sigma rules specification 2.1, "Condition"). */
class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #selections: ReadonlyMap<string, Condition>;
  #position = 0;
  #depth = 0;
  /** Where in the text the parser is: the token it looks at or has just taken. */
  at = 0;

  constructor(text: string, selections: ReadonlyMap<string, Condition>) {
    this.#tokens = tokensOf(text);
    this.#selections = selections;
  }

  parse(): Condition {
    const condition = this.#or();
    const rest = this.#peek();
    if (rest === '|') throw wrong('aggregations after "|" are no longer part of Sigma', 'Write a correlation rule.');
    if (rest !== undefined) throw wrong(`"${rest}" is not expected here`);
    return condition;
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#position];
    if (token) this.at = token.at;
    return token?.text;
  }

  #take(word: string): boolean {
    const found = this.#peek()?.toLowerCase() === word;
    if (found) this.#position++;
    return found;
  }

  #or(): Condition {
    const items = [this.#and()];
    while (this.#take('or')) items.push(this.#and());
    return items.length === 1 ? (items[0] ?? anyOf([])) : anyOf(items);
  }

  #and(): Condition {
    const items = [this.#not()];
    while (this.#take('and')) items.push(this.#not());
    return items.length === 1 ? (items[0] ?? allOf([])) : allOf(items);
  }

  #not(): Condition {
    if (++this.#depth > nestingLimit) throw wrong(`the condition nests deeper than ${nestingLimit}`);
    const negated = this.#take('not');
    const condition = negated ? negate(this.#not()) : this.#primary();
    this.#depth--;
    return condition;
  }

  #primary(): Condition {
    if (this.#take('(')) {
      const inner = this.#or();
      if (!this.#take(')')) throw wrong('a closing parenthesis is missing');
      return inner;
    }
    const word = this.#peek();
    if (word === undefined) throw wrong('the condition ends where a selection is expected');
    this.#position++;
    if (/^(all|any|\d+)$/i.test(word) && this.#take('of')) return this.#group(word.toLowerCase());
    return this.#named(word);
  }

  #named(word: string): Condition {
    const selection = this.#selections.get(word);
    if (!selection) throw wrong(`the selection "${word}" does not exist`, didYouMean(word, [...this.#selections.keys()]));
    return selection;
  }

  #group(count: string): Condition {
    if (count !== '1' && count !== 'all' && count !== 'any')
      throw wrong(`"${count} of" is not part of Sigma`, 'Use "1 of" or "all of".');
    const pattern = this.#peek();
    if (pattern === undefined) throw wrong(`"${count} of" needs "them" or a pattern`);
    this.#position++;
    const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const fits = (name: string): boolean => (pattern.toLowerCase() === 'them' ? !name.startsWith('_') : expression.test(name));
    const names = [...this.#selections.keys()].filter(fits);
    if (names.length === 0) throw wrong(`no selection fits "${pattern}"`, didYouMean(pattern, [...this.#selections.keys()]));
    const items = names.map((name) => this.#named(name));
    return count === 'all' ? allOf(items) : anyOf(items);
  }
}

/** Compiles one condition over the selections. Faults go to the source. */
export function parseCondition(source: YamlSource, node: unknown, selections: ReadonlyMap<string, Condition>): Condition {
  const text = source.text(node);
  if (text === undefined) {
    source.fault(node, 'E_RULE_CONDITION', 'the condition must be a text');
    return anyOf([]);
  }
  const parser = new ConditionParser(text, selections);
  try {
    return parser.parse();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    source.faultWithin(node, parser.at, error.code, error.message, error.remedy);
    return anyOf([]);
  }
}
