import { didYouMean } from '../../core/closest-word.ts';
import { ConditionError } from './condition-error.ts';
import type { Expression, Operand } from './expression.ts';
import { OperandReader, transformerHelp, transformerNames } from './parse-operand.ts';
import {
  allOperators,
  type ListModifier,
  listModifiers,
  listOperators,
  numberOperators,
  type Operator,
  type TextOperator,
  textOperators,
} from './text-operators.ts';
import { Tokens } from './tokens.ts';

/** Operators that are words and take one text: white space must follow. */
const wordOperators = textOperators.filter((operator) => /^[a-z]/.test(operator));

class Parser {
  readonly #tokens: Tokens;
  readonly #operands: OperandReader;

  constructor(text: string) {
    this.#tokens = new Tokens(text);
    this.#operands = new OperandReader(this.#tokens);
  }

  whole(): Expression {
    const tokens = this.#tokens;
    if (tokens.text.trim() === '') throw this.#wrong('the condition is empty');
    const expression = this.#or();
    if (!tokens.atEnd) throw this.#wrong('expected "and" or "or"', this.#leftoverRemedy());
    return expression;
  }

  #wrong(message: string, remedy?: string, at = this.#tokens.at): ConditionError {
    return new ConditionError(message, at, remedy === undefined ? {} : { remedy });
  }

  #leftoverRemedy(): string {
    const mark = this.#tokens.text[this.#tokens.at] ?? '';
    if (mark === ')') return 'There is a closing parenthesis too many.';
    return 'Quote texts that hold blanks, commas, parentheses or =.';
  }

  #or(): Expression {
    return this.#joined('or', () => this.#and());
  }

  #and(): Expression {
    return this.#joined('and', () => this.#not());
  }

  #joined(word: 'and' | 'or', part: () => Expression): Expression {
    const tokens = this.#tokens;
    tokens.blank();
    const items = [part()];
    tokens.blank();
    while (tokens.word(word)) {
      if (tokens.blank()) items.push(part());
      else if (tokens.word('(')) items.push(this.#parenthesised());
      else throw this.#wrong(`expected a blank or "(" after "${word}"`);
      tokens.blank();
    }
    const [only] = items;
    return items.length === 1 && only ? only : { type: word, items };
  }

  #not(): Expression {
    const tokens = this.#tokens;
    let negated = false;
    tokens.blank();
    while (tokens.notAndBlank()) negated = !negated;
    let item: Expression;
    if (tokens.word('not(')) {
      negated = !negated;
      item = this.#parenthesised();
    } else item = this.#check();
    return negated ? { type: 'not', item } : item;
  }

  /** After the opening parenthesis. */
  #parenthesised(): Expression {
    this.#operands.deeper();
    this.#tokens.blank();
    const inner = this.#or();
    this.#tokens.blank();
    this.#closing();
    this.#operands.shallower();
    return inner;
  }

  #closing(): void {
    if (!this.#tokens.word(')'))
      throw this.#wrong('expected ")"', this.#tokens.atEnd ? 'A parenthesis is not closed.' : this.#leftoverRemedy());
  }

  #check(): Expression {
    const tokens = this.#tokens;
    tokens.blank();
    const at = tokens.at;
    if (tokens.word('(')) return this.#parenthesised();
    const left = this.#operands.field() ?? this.#operands.call();
    if (left) return this.#comparison(left, at);
    const name = tokens.identifier();
    if (name === undefined) throw this.#wrong('expected a field, the name of a macro, or "("');
    if (tokens.text[tokens.at] === '(') throw this.#wrong(`"${name}" is no transformer`, this.#callRemedy(name), at);
    return { type: 'macro', name, at };
  }

  #callRemedy(name: string): string {
    if (name === 'val') return '`val(field)` stands only on the right of an operator.';
    if (name === 'and' || name === 'or' || name === 'not') return `"${name}" needs something before it.`;
    return `${didYouMean(name, transformerNames)} ${transformerHelp}`;
  }

  #comparison(left: Operand, at: number): Expression {
    const tokens = this.#tokens;
    tokens.blank();
    const check = { type: 'check', left, at, modifier: undefined } as const;
    if (tokens.word('exists')) return { ...check, operator: 'exists', right: undefined };
    const number = tokens.oneOf(numberOperators);
    if (number) return { ...check, operator: number, right: this.#numberSide() };
    const text = this.#textOperator();
    if (text) return this.#textComparison(left, text, at);
    const before = tokens.at;
    const list = tokens.oneOf(listOperators);
    if (list && /[\s(]/.test(tokens.text.charAt(tokens.at))) return { ...check, operator: list, right: this.#listSide() };
    tokens.at = before;
    throw this.#unknownOperator();
  }

  #textOperator(): TextOperator | undefined {
    const tokens = this.#tokens;
    const operator = tokens.oneOf(textOperators);
    if (operator && wordOperators.includes(operator) && !tokens.blank())
      throw this.#wrong(`expected a blank after "${operator}"`);
    return operator;
  }

  #unknownOperator(): ConditionError {
    const { text, at } = this.#tokens;
    const word = /^[^\s()]+/.exec(text.slice(at))?.[0] ?? '';
    const known: readonly Operator[] = allOperators;
    if (word === '') return this.#wrong('expected an operator', `Known: ${known.join(', ')}.`);
    return this.#wrong(`unknown operator "${word}"`, `${didYouMean(word, known)} Known: ${known.join(', ')}.`);
  }

  #textComparison(left: Operand, operator: TextOperator, at: number): Expression {
    const modifier = this.#modifier();
    const right = modifier ? this.#listSide() : this.#textSide();
    return { type: 'check', left, operator, modifier, right, at };
  }

  /** A modifier only where a list follows: `= anyof` alone compares with that word. */
  #modifier(): ListModifier | undefined {
    const tokens = this.#tokens;
    tokens.blank();
    const before = tokens.at;
    const modifier = tokens.oneOf(listModifiers);
    if (modifier === undefined) return undefined;
    const after = tokens.at;
    tokens.blank();
    const list = tokens.text[tokens.at] === '(';
    tokens.at = list ? after : before;
    return list ? modifier : undefined;
  }

  #numberSide(): Operand {
    const side = this.#operands.rightSide();
    if (side) return side;
    const at = this.#tokens.at;
    const text = this.#tokens.number();
    if (text === undefined)
      throw this.#wrong('expected a number', 'Write a decimal number, 0x and hexadecimal digits, or val(field).');
    return { type: 'text', text, at };
  }

  #textSide(): Operand {
    const side = this.#operands.rightSide();
    if (side) return side;
    const at = this.#tokens.at;
    const text = this.#tokens.quotedText() ?? this.#tokens.bareText();
    if (text === undefined) throw this.#wrong('expected a text', 'Quote texts that hold blanks, commas, parentheses or =.');
    return { type: 'text', text, at };
  }

  #listSide(): Operand {
    const tokens = this.#tokens;
    tokens.blank();
    const at = tokens.at;
    if (!tokens.word('(')) {
      const side = this.#operands.rightSide();
      if (side) return side;
      const name = tokens.identifier();
      if (name === undefined) throw this.#wrong('expected a list in parentheses');
      return { type: 'list', items: [{ type: 'text', text: name, at }], at };
    }
    const items: Operand[] = [];
    tokens.blank();
    if (tokens.word(')')) return { type: 'list', items, at };
    do {
      tokens.blank();
      const itemAt = tokens.at;
      const text = tokens.quotedText() ?? tokens.bareText();
      if (text === undefined)
        throw this.#wrong('expected a text', 'Lists hold texts with commas between; quote those with blanks.');
      items.push({ type: 'text', text, at: itemAt });
      tokens.blank();
    } while (tokens.word(','));
    this.#closing();
    return { type: 'list', items, at };
  }
}

/** Parses a condition of the Falco language, after lists have been put in. @throws ConditionError */
export function parseExpression(text: string): Expression {
  return new Parser(text).whole();
}
