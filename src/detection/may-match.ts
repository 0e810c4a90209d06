import { closestWord } from '../core/closest-word.ts';
import { type FieldSpec, valueTypes } from '../core/extracts.ts';
import { type Atom, type Condition, evaluatePartly } from './condition.ts';
import { ByteValue } from './event-value.ts';

/** What is known of an event; every other field may be anything. */
export interface KnownOfEvent {
  /** Texts of fields by name; undefined: the event does not have the field. */
  readonly values?: Readonly<Record<string, string | undefined>>;
  /** Members at the top of the event that are missing, with all that is in them. */
  readonly withoutMembers?: ReadonlySet<string>;
}

/** Members of an audit.k8s.io/v1 Event. */
const eventMembers = new Set([
  ...['kind', 'apiVersion', 'level', 'auditID', 'stage', 'requestURI', 'verb', 'user', 'impersonatedUser'],
  ...['authenticationMetadata', 'sourceIPs', 'userAgent', 'objectRef', 'responseStatus', 'requestObject', 'responseObject'],
  ...['requestReceivedTimestamp', 'stageTimestamp', 'annotations'],
]);
const userMembers = ['username', 'uid', 'groups', 'extra'];
/** Members of those that hold a fixed set of them. */
const innerMembers: Readonly<Record<string, readonly string[]>> = {
  user: userMembers,
  impersonatedUser: userMembers,
  objectRef: ['resource', 'namespace', 'name', 'uid', 'apiGroup', 'apiVersion', 'resourceVersion', 'subresource'],
  responseStatus: ['kind', 'apiVersion', 'metadata', 'status', 'message', 'reason', 'details', 'code'],
};
const encoder = new TextEncoder();
/** Texts whose outcome is remembered of one atom. */
const rememberedTexts = 1000;

function isUnknownPath([head = '', inner]: readonly string[]): boolean {
  if (head === '*') return false;
  if (!eventMembers.has(head)) return true;
  const known = innerMembers[head];
  return known !== undefined && inner !== undefined && inner !== '*' && !known.includes(inner);
}

/** Whether no path of the atom's fields can stand in an event. */
export function isUnknownField(atom: Atom, fields: readonly FieldSpec[]): boolean {
  return atom.sources.every(({ field }) => fields[field]?.paths.every(isUnknownPath) ?? true);
}

/** What a field that no event has was most likely meant to be: the nearest path of an event whose members are fixed. */
export function meantField(name: string): string | undefined {
  const inner = Object.entries(innerMembers).flatMap(([head, members]) => members.map((member) => `${head}.${member}`));
  const depth = Math.min(2, name.split('.').length);
  const [start, rest] = [name.split('.').slice(0, depth).join('.'), name.split('.').slice(depth)];
  const near = closestWord(start, depth === 1 ? [...eventMembers] : inner);
  return near === undefined ? undefined : [near, ...rest].join('.');
}

/** Members at the top of an event that an atom reads. */
export function membersOf(atom: Atom, fields: readonly FieldSpec[]): readonly string[] {
  return atom.sources.flatMap(({ field }) => fields[field]?.paths.map(([head = '']) => head) ?? []);
}

function passes(atom: Atom, text: string): boolean {
  const bytes = encoder.encode(text);
  const type = /^\d+$/.test(text) ? valueTypes.number : valueTypes.string;
  const value = new ByteValue().set(bytes, 0, bytes.length, type, 'none');
  const passed = atom.tests.some((test) => test.test(value));
  return atom.quantifier === 'none' ? !passed : passed;
}

/** What is asked of an atom over and over. */
interface AtomFacts {
  readonly unknown: boolean;
  readonly members: readonly string[];
  /** Name of its only field; undefined where it has several. */
  readonly name: string | undefined;
  /** Whether a text passes, by the text; undefined where that is not for one text to say. */
  readonly passes: Map<string, boolean> | undefined;
}

/** Conditions do not change, so neither do these. */
const facts = new WeakMap<readonly FieldSpec[], WeakMap<Atom, AtomFacts>>();

function factsOf(atom: Atom, fields: readonly FieldSpec[]): AtomFacts {
  const known = facts.get(fields) ?? new WeakMap<Atom, AtomFacts>();
  facts.set(fields, known);
  const found = known.get(atom);
  if (found) return found;
  const [source] = atom.sources;
  const made = {
    unknown: isUnknownField(atom, fields),
    members: membersOf(atom, fields),
    name: atom.sources.length === 1 ? fields[source?.field ?? -1]?.name : undefined,
    passes: atom.decide || source?.transform !== 'none' ? undefined : new Map<string, boolean>(),
  };
  known.set(atom, made);
  return made;
}

/** What is known of each atom; undefined: open. */
export function knownAtoms(fields: readonly FieldSpec[], known: KnownOfEvent): (atom: Atom) => boolean | undefined {
  const { values = {}, withoutMembers } = known;
  return (atom) => {
    const { unknown, members, name, passes: passed } = factsOf(atom, fields);
    if (unknown || (withoutMembers && members.every((member) => withoutMembers.has(member)))) return false;
    if (name === undefined || !(name in values)) return undefined;
    const text = values[name];
    if (text === undefined || !passed) return text === undefined ? false : undefined;
    const before = passed.get(text);
    if (before !== undefined) return before;
    const now = passes(atom, text);
    if (passed.size < rememberedTexts) passed.set(text, now);
    return now;
  };
}

/** Whether a condition may hold for an event of which only this is known. False is certain, true is not. */
export function mayMatch(condition: Condition, fields: readonly FieldSpec[], known: KnownOfEvent = {}): boolean {
  return evaluatePartly(condition, knownAtoms(fields, known)) !== false;
}
