import { limits } from '../../core/limits.ts';
import { ConditionError } from './condition-error.ts';
import type { Operand } from './expression.ts';
import { Tokens } from './tokens.ts';
import { transformerSignatures } from './transformers.ts';

export const transformerNames = transformerSignatures.map(({ name }) => name);
export const transformerHelp = `Known transformers: ${transformerSignatures.map(({ help }) => help).join(', ')}.`;
const calls = transformerNames.map((name) => `${name}(`);

/** Reads fields and transformers, and keeps count of how deep parentheses are nested. */
export class OperandReader {
  readonly #tokens: Tokens;
  #depth = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  #wrong(message: string, remedy?: string): ConditionError {
    return new ConditionError(message, this.#tokens.at, remedy === undefined ? {} : { remedy });
  }

  deeper(): void {
    if (++this.#depth <= limits.conditionDepth) return;
    throw this.#wrong(
      `parentheses are nested more than ${limits.conditionDepth} deep`,
      'Give a part of the condition a name as a macro.',
    );
  }

  shallower(): void {
    this.#depth--;
  }

  field(): Operand | undefined {
    const at = this.#tokens.at;
    const name = this.#tokens.fieldName();
    return name === undefined ? undefined : { type: 'field', name, argument: this.#argument(), at };
  }

  #argument(): string | undefined {
    const tokens = this.#tokens;
    if (!tokens.word('[')) return undefined;
    const argument = tokens.quotedText() ?? tokens.bareArgument();
    if (argument === undefined) throw this.#wrong('expected the argument of the field: a text, bare or in quotes');
    if (!tokens.word(']')) throw this.#wrong('expected "]"', 'Quote an argument that holds blanks, brackets or quotes.');
    return argument;
  }

  call(): Operand | undefined {
    const tokens = this.#tokens;
    const at = tokens.at;
    const called = tokens.oneOf(calls);
    if (called === undefined) return undefined;
    const name = called.slice(0, -1);
    const items: Operand[] = [];
    this.deeper();
    tokens.blank();
    if (tokens.text[tokens.at] !== ')') {
      do {
        tokens.blank();
        items.push(this.#callItem(true));
        tokens.blank();
      } while (tokens.word(','));
    }
    if (!tokens.word(')')) throw this.#wrong(`expected ")" to close ${name}`);
    this.shallower();
    const selector = name === 'getopt' ? this.#argument() : undefined;
    return { type: 'call', name, items, selector, at };
  }

  #callItem(listAllowed: boolean): Operand {
    const tokens = this.#tokens;
    const at = tokens.at;
    const nested = this.call() ?? this.field();
    if (nested) return nested;
    const text = tokens.quotedText() ?? tokens.number();
    if (text !== undefined) return { type: 'text', text, at };
    if (!listAllowed || !tokens.word('('))
      throw this.#wrong('expected a field, a transformer, a quoted text or a number', transformerHelp);
    const items: Operand[] = [];
    tokens.blank();
    if (tokens.word(')')) return { type: 'list', items, at };
    do {
      tokens.blank();
      items.push(this.#callItem(false));
      tokens.blank();
    } while (tokens.word(','));
    if (!tokens.word(')')) throw this.#wrong('expected ")" to close the list', transformerHelp);
    return { type: 'list', items, at };
  }

  /** `val(field)` or a transformer. */
  rightSide(): Operand | undefined {
    const tokens = this.#tokens;
    tokens.blank();
    const at = tokens.at;
    if (!tokens.word('val(')) return this.call();
    tokens.blank();
    const field = this.field();
    if (!field) throw this.#wrong('expected a field inside val()');
    tokens.blank();
    if (!tokens.word(')')) throw this.#wrong('expected ")" to close val');
    return { type: 'call', name: 'val', items: [field], selector: undefined, at };
  }
}

/** Reads a field or a transformer at a place in a text, and where it ends. @throws ConditionError */
export function parseOperand(text: string, at: number): { readonly operand: Operand; readonly end: number } | undefined {
  const tokens = new Tokens(text);
  tokens.at = at;
  const reader = new OperandReader(tokens);
  const operand = reader.call() ?? reader.field();
  return operand && { operand, end: tokens.at };
}
