import { limits } from '../../core/limits.ts';
import { ConditionError } from './condition-error.ts';
import type { Operand } from './expression.ts';
import type { FieldReading } from './field-definition.ts';
import { itemsOf, type JsonNode, memberOf, parseJsonNode } from './json-node.ts';
import { type Evaluable, evaluableOf, type FieldTexts } from './operand.ts';
import { parseOperand } from './parse-operand.ts';

/** A part of an output: a text, or a field with how the rule wrote it. */
type Part = string | { readonly written: string; readonly side: Evaluable };

/** What a rule says of a match. */
export interface RenderedOutput {
  readonly text: string;
  /** The fields in the text, as written, with their values. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A rule's output, read. */
export interface OutputTemplate {
  /** `maskedEvent`: JSON of the masked event, the only source of values. */
  readonly render: (maskedEvent: string) => RenderedOutput;
}

const missing = '<NA>';

/** Never half a mask: what is left of one reads as another value. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most);
  const open = head.lastIndexOf('[MASKED:');
  return `${open >= 0 && !head.includes(']', open) ? head.slice(0, open) : head}…`;
}

/** The value at a path; lists on the way are gone through, as the scanner does. */
function nodeAlong(node: JsonNode | undefined, path: readonly string[]): JsonNode | undefined {
  const [name, ...rest] = path;
  if (name === undefined || !node) return node;
  if (node.type !== 'array') return nodeAlong(memberOf(node, name), rest);
  for (const item of itemsOf(node)) {
    const found = nodeAlong(item, path);
    if (found) return found;
  }
  return undefined;
}

function valueText(side: Evaluable, read: FieldTexts): string {
  const texts = side.texts(read);
  if (texts.length === 0) return missing;
  return cut(side.isList ? `(${texts.join(',')})` : (texts[0] as string), limits.outputValueCharacters);
}

function render(parts: readonly Part[], maskedEvent: string): RenderedOutput {
  const event = parseJsonNode(maskedEvent);
  const read = (field: FieldReading): readonly string[] => field.texts(field.places.map((path) => nodeAlong(event, path)));
  const fields: Record<string, string> = {};
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const text = valueText(part.side, read);
    fields[part.written] = text;
    return text;
  });
  return { text: cut(texts.join(''), limits.outputCharacters), fields };
}

/**
 * Reads an output: text with `%field`, `%field[argument]`, `%transformer(field)` and `%%`. A leading `*` (print although
 * fields are missing) changes nothing here: a missing field is `<NA>`. @throws ConditionError at a place in the text
 */
export function parseOutput(text: string, upstream: boolean): OutputTemplate {
  const body = text.startsWith('*') ? text.slice(1) : text;
  const shift = text.length - body.length;
  const parts: Part[] = [];
  for (let at = 0; at < body.length; ) {
    const mark = body.indexOf('%', at);
    if (mark < 0 || mark + 1 === body.length) {
      parts.push(body.slice(at));
      break;
    }
    parts.push(body.slice(at, mark));
    if (body[mark + 1] === '%') {
      parts.push('%');
      at = mark + 2;
      continue;
    }
    const { operand, end } = operandAt(body, mark + 1, shift);
    parts.push({ written: body.slice(mark + 1, end), side: sideOf(operand, upstream, shift) });
    at = end;
  }
  return { render: (maskedEvent) => render(parts, maskedEvent) };
}

function operandAt(body: string, from: number, shift: number): { readonly operand: Operand; readonly end: number } {
  const found = parseOperand(body, from);
  if (found) return found;
  throw new ConditionError('expected a field after "%"', from - 1 + shift, {
    code: 'E_RULE_OUTPUT',
    remedy: 'Write %% for a percent sign.',
  });
}

function sideOf(operand: Operand, upstream: boolean, shift: number): Evaluable {
  try {
    return evaluableOf(operand, upstream);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    throw new ConditionError(error.message, error.at + shift, {
      code: error.code,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}
