import { stringify } from 'yaml';
import type { FieldSpec } from '../core/extracts.ts';
import { memberOf } from '../core/json-members.ts';
import { readExceptions } from '../detection/exceptions.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import { loadRules } from '../detection/load-rules.ts';
import { matchEvent } from '../detection/run-examples.ts';
import { textAt } from './request-view.ts';

/** Values of one field that an exception lists at most. */
const valuesPerField = 10;
/** Fields of one exception at most. */
const fieldsPerException = 6;

/** Fields of evidence that are tried. */
const evidenceFields = 6;

/** A condition of an exception: a field with its modifier, and the values of the benign events. */
export interface Clause {
  readonly field: string;
  readonly values: readonly string[];
}

/** An exception that would hide all benign matches. */
export interface Candidate {
  readonly where: readonly Clause[];
  /** Matches of the log that are not among the benign ones and would be hidden as well. */
  readonly alsoHides: number;
  /** Names of examples of attacks that would be hidden. */
  readonly breaks: readonly string[];
}

export interface SuggestInput {
  /** Masked events of the rule's matches that need not be seen; at least one. */
  readonly benign: readonly unknown[];
  /** Masked events of its other matches. */
  readonly others: readonly unknown[];
  /** Examples of the rule that must go on being found: an attack is broken where all of its events would be hidden. */
  readonly attacks: readonly { readonly name: string; readonly events: readonly unknown[] }[];
  /** Fields that the rule looks at. */
  readonly evidence: readonly FieldSpec[];
  /** The user the benign matches are about, in clear, and as it stands in masked events. */
  readonly principal: { readonly clear: string; readonly forms: readonly string[] } | undefined;
  readonly mapping: FieldMapping;
  /** Whether the rule itself leaves more open than these values of a field: if not, naming them says nothing. */
  readonly leavesOpen: (field: string, values: readonly string[]) => boolean;
}

interface Field {
  readonly clause: Clause;
  /** Whether it says little about what is done: names and bodies change with every object. */
  readonly isFleeting: boolean;
  readonly others: readonly boolean[];
  /** Of each attack, of each event. */
  readonly attacks: readonly (readonly boolean[])[];
}

const heads: readonly (readonly [field: string, path: readonly string[], fleeting: boolean])[] = [
  ['user.username', ['user', 'username'], false],
  ['objectRef.namespace', ['objectRef', 'namespace'], false],
  ['verb', ['verb'], false],
  ['objectRef.resource', ['objectRef', 'resource'], false],
  ['objectRef.subresource', ['objectRef', 'subresource'], false],
  ['objectRef.name', ['objectRef', 'name'], true],
];

/** Escapes what is a wildcard in a rule. */
const literal = (text: string): string => text.replaceAll(/[\\*?]/g, '\\$&');

/** Values that stand in raw events as they stand in masked ones. */
const isClear = (text: string): boolean => text !== '' && !text.includes('[MASKED:') && !text.endsWith('…');

/** `kubectl/v1.31.0 (linux/amd64)` without what changes with every version. */
const toolOf = (agent: string): string => /^[^/\s]+\//.exec(agent)?.[0] ?? '';

function distinct(values: readonly string[]): readonly string[] | undefined {
  const all = [...new Set(values)];
  return all.length === 0 || all.length > valuesPerField || !all.every(isClear) ? undefined : all.sort();
}

/** One value of each event, or of each event one of the values of a list; undefined where some event has none that is clear. */
function commonValues(
  events: readonly unknown[],
  valuesOf: (event: unknown) => readonly string[],
): readonly string[] | undefined {
  const chosen = events.map((event) => valuesOf(event).find(isClear) ?? '');
  return distinct(chosen);
}

function leaves(node: unknown, path: readonly string[], index: number): readonly string[] {
  if (Array.isArray(node)) return node.flatMap((item) => leaves(item, path, index));
  const name = path[index];
  if (name === undefined) return typeof node === 'string' ? [node] : [];
  if (typeof node !== 'object' || node === null) return [];
  if (name !== '*') return leaves(memberOf(node, name), path, index + 1);
  return Object.values(node).flatMap((item) => leaves(item, path, index + 1));
}

class Suggester {
  readonly #input: SuggestInput;

  constructor(input: SuggestInput) {
    this.#input = input;
  }

  /** Clauses that hold for every benign event. */
  *#clauses(): Generator<readonly [Clause, boolean]> {
    const { benign, evidence, principal } = this.#input;
    for (const [field, path, fleeting] of heads) {
      const isUser = field === 'user.username';
      const known = (text: string): string => (isUser && principal?.forms.includes(text) ? principal.clear : text);
      const values = commonValues(benign, (event) => [known(textAt(event, ...path))]);
      if (values && this.#input.leavesOpen(field, values)) yield [{ field, values: values.map(literal) }, fleeting];
    }
    const tools = distinct(benign.map((event) => toolOf(textAt(event, 'userAgent'))));
    if (tools) yield [{ field: 'userAgent|startswith', values: tools.map(literal) }, false];
    for (const { name, paths } of evidence.slice(0, evidenceFields)) {
      if (!paths.some(([head]) => head === 'requestObject')) continue;
      const values = commonValues(benign, (event) => paths.flatMap((path) => leaves(event, path, 0)));
      if (values) yield [{ field: name, values: values.map(literal) }, true];
    }
  }

  /** Tells of each event whether a clause holds, as the matcher would. */
  #holds({ field, values }: Clause): (event: unknown) => boolean {
    const { mapping, principal } = this.#input;
    // Masked events of a user hold a pseudonym where the exception will name the user.
    const masked =
      field === 'user.username' && principal && values.includes(literal(principal.clear)) ? principal.forms.map(literal) : [];
    const text = exceptionText('any', [{ field, values: [...values, ...masked] }], {
      owner: 'o',
      reason: 'r',
      expires: '2099-01-01',
    });
    const { rules } = readExceptions([{ file: 'suggestion', text }], mapping);
    const set = loadRules(rules, { mapping });
    return (event) => matchEvent(set, event).rules.length > 0;
  }

  #fields(): readonly Field[] {
    const { others, attacks } = this.#input;
    return [...this.#clauses()].map(([clause, isFleeting]) => {
      const holds = this.#holds(clause);
      return { clause, isFleeting, others: others.map(holds), attacks: attacks.map(({ events }) => events.map(holds)) };
    });
  }

  candidates(): readonly Candidate[] {
    const fields = this.#fields();
    const found = subsets(fields).map((chosen) => ({ chosen, candidate: this.#judge(chosen) }));
    return found.sort((a, b) => rank(a.candidate, a.chosen, b.candidate, b.chosen)).map(({ candidate }) => candidate);
  }

  #judge(chosen: readonly Field[]): Candidate {
    const { attacks, others } = this.#input;
    const alsoHides = others.filter((_, i) => chosen.every((field) => field.others[i])).length;
    const broken = attacks.filter((_, a) => {
      const events = chosen[0]?.attacks[a] ?? [];
      return events.length > 0 && events.every((__, e) => chosen.every((field) => field.attacks[a]?.[e]));
    });
    return { where: chosen.map(({ clause }) => clause), alsoHides, breaks: broken.map(({ name }) => name) };
  }
}

function subsets(fields: readonly Field[]): readonly (readonly Field[])[] {
  let all: (readonly Field[])[] = [[]];
  for (const field of fields)
    all = [...all, ...all.filter((one) => one.length < fieldsPerException).map((one) => [...one, field])];
  return all.filter((one) => one.length > 0);
}

/**
 * The best first: one that breaks no attack, hides nothing else, names who it is about, stands on what stays the same from day to
 * day, and says as much as it can.
 */
function rank(a: Candidate, chosenA: readonly Field[], b: Candidate, chosenB: readonly Field[]): number {
  const names = (fields: readonly Field[]): number => (fields.some(({ clause }) => clause.field === 'user.username') ? 0 : 1);
  const fleeting = (fields: readonly Field[]): number => fields.filter(({ isFleeting }) => isFleeting).length;
  const values = ({ where }: Candidate): number => where.reduce((sum, clause) => sum + clause.values.length, 0);
  return (
    a.breaks.length - b.breaks.length ||
    a.alsoHides - b.alsoHides ||
    names(chosenA) - names(chosenB) ||
    fleeting(chosenA) - fleeting(chosenB) ||
    b.where.length - a.where.length ||
    values(a) - values(b)
  );
}

/** Exceptions that hide every benign match, the best first; none where the events have nothing clear in common. Pure. */
export function suggestExceptions(input: SuggestInput): readonly Candidate[] {
  return new Suggester(input).candidates();
}

export interface ExceptionWords {
  readonly owner: string;
  readonly reason: string;
  readonly expires: string;
}

/** A file of exceptions with one in it. */
export function exceptionText(rule: string, where: readonly Clause[], words: ExceptionWords): string {
  const fields = Object.fromEntries(where.map(({ field, values }) => [field, values.length === 1 ? values[0] : values]));
  return stringify({ exceptions: [{ rule, where: fields, ...words }] });
}
