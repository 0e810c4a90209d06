import { didYouMean } from '../../core/closest-word.ts';
import { Fault, type Location } from '../../core/faults.ts';
import { type ConditionPiece, derivedPiece } from './condition-text.ts';
import { quotedItem } from './put-lists.ts';
import { allOperators, listModifiers, listOperators, textOperators } from './text-operators.ts';

/** A text, or a list of entries. */
export type ExceptionEntry =
  | { readonly text: string; readonly location: Location }
  | { readonly items: readonly ExceptionEntry[]; readonly location: Location };

export interface RuleException {
  readonly name: string;
  readonly fields: ExceptionEntry | undefined;
  readonly comps: ExceptionEntry | undefined;
  readonly values: readonly ExceptionEntry[];
  readonly location: Location;
}

const wrong = (message: string, location: Location, remedy: string): Fault =>
  new Fault(message, { code: 'E_RULE_EXCEPTION', location, remedy });

const knownComps: readonly string[] = [
  ...allOperators.filter((operator) => operator !== 'exists'),
  ...textOperators.flatMap((operator) => listModifiers.map((modifier) => `${operator} ${modifier}`)),
];

const squeezed = (text: string): string => text.trim().replace(/\s+/g, ' ');
const takesList = (comp: string): boolean =>
  (listOperators as readonly string[]).includes(comp) ||
  (listModifiers as readonly string[]).some((one) => comp.endsWith(` ${one}`));

function compOf(entry: ExceptionEntry, name: string): string {
  const comp = 'text' in entry ? squeezed(entry.text) : '';
  if (knownComps.includes(comp)) return comp;
  throw wrong(`the exception "${name}" compares with "${comp}"`, entry.location, didYouMean(comp, knownComps));
}

function textOf(entry: ExceptionEntry, what: string): string {
  if ('text' in entry) return entry.text;
  throw wrong(`${what} is a list`, entry.location, 'Write one text.');
}

/** One field: all values in one list. */
function listCheck(exception: RuleException, field: string): string {
  const comp = exception.comps ? compOf(exception.comps, exception.name) : 'in';
  if (!takesList(comp)) {
    const remedy = 'With one field as a text, comps is in, pmatch, intersects, or an operator with oneof, anyof or allof.';
    throw wrong(
      `the exception "${exception.name}" compares with "${comp}"`,
      exception.comps?.location ?? exception.location,
      remedy,
    );
  }
  const values = exception.values.map((value) => quotedItem(textOf(value, `a value of the exception "${exception.name}"`)));
  return values.length === 0 ? '' : `(${field} ${comp} (${values.join(', ')}))`;
}

/** A value beside its operator: a list in parentheses where the operator takes one. */
function rightSide(value: ExceptionEntry, comp: string, name: string): string {
  if ('items' in value)
    return `(${value.items.map((item) => quotedItem(textOf(item, `a value of the exception "${name}"`))).join(', ')})`;
  if (!takesList(comp)) return quotedItem(value.text);
  return value.text.startsWith('(') ? value.text : `(${quotedItem(value.text)})`;
}

/** Several fields: each value is a tuple with a part for each. */
function tupleChecks(exception: RuleException, fields: readonly ExceptionEntry[]): string {
  const { name, comps, values } = exception;
  if (comps && !('items' in comps))
    throw wrong(
      `comps of the exception "${name}" is no list`,
      comps.location,
      'Fields that are a list need comps that are a list.',
    );
  const operators = comps ? comps.items.map((entry) => compOf(entry, name)) : fields.map(() => '=');
  if (operators.length !== fields.length)
    throw wrong(
      `the exception "${name}" has ${fields.length} fields and ${operators.length} comps`,
      comps?.location ?? exception.location,
      'Name one comparison for each field.',
    );
  const tuples = values.map((tuple) => {
    if (!('items' in tuple) || tuple.items.length !== fields.length)
      throw wrong(
        `a value of the exception "${name}" does not have ${fields.length} parts`,
        tuple.location,
        'Each value is a list with a part for each field.',
      );
    const checks = fields.map((field, i) => {
      const comp = operators[i] ?? '=';
      return `${textOf(field, 'a field')} ${comp} ${rightSide(tuple.items[i] as ExceptionEntry, comp, name)}`;
    });
    return `(${checks.join(' and ')})`;
  });
  return tuples.length === 0 ? '' : `(${tuples.join(' or ')})`;
}

/**
 * The condition of a rule with its exceptions: `(condition) and not (exception)` for each that has values. A fault of an
 * exception carries its place. @throws Fault E_RULE_EXCEPTION
 */
export function withExceptions(condition: ConditionPiece, exceptions: readonly RuleException[]): readonly ConditionPiece[] {
  const added: ConditionPiece[] = [];
  for (const exception of exceptions) {
    const { fields } = exception;
    if (!fields)
      throw wrong(
        `the exception "${exception.name}" names no fields`,
        exception.location,
        'Write fields: a field, or a list of fields.',
      );
    const text = 'items' in fields ? tupleChecks(exception, fields.items) : listCheck(exception, fields.text);
    if (text !== '') added.push(derivedPiece(` and not ${text}`, exception.location));
  }
  if (added.length === 0) return [condition];
  const place = condition.locate(0);
  const last = condition.locate(Math.max(0, condition.text.length - 1));
  return [derivedPiece('(', place), condition, derivedPiece(')', last), ...added];
}

/** Appended to a rule: values join the exception of that name, others are new. @throws Fault E_RULE_EXCEPTION */
export function appendExceptions(before: readonly RuleException[], more: readonly RuleException[]): readonly RuleException[] {
  const all = [...before];
  for (const one of more) {
    const place = all.findIndex(({ name }) => name === one.name);
    const known = all[place];
    if (!known) {
      if (one.values.length === 0)
        throw wrong(`the exception "${one.name}" has no values`, one.location, 'Give the values to append.');
      all.push(one);
    } else if (one.fields ?? one.comps) {
      throw wrong(`the exception "${one.name}" is already defined`, one.location, 'Append values only, or give it another name.');
    } else all[place] = { ...known, values: [...known.values, ...one.values] };
  }
  return all;
}
