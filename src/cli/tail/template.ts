import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import type { Finding, FindingEvent } from '../../core/finding.ts';
import { printable } from '../printable.ts';

type Read = (finding: Finding) => unknown;

const eventMembers = [
  ...['auditID', 'stage', 'user', 'verb', 'resource', 'namespace', 'name', 'sourceIPs', 'userAgent', 'code', 'intent'],
] as readonly (keyof FindingEvent)[];
const ruleMembers = ['id', 'name', 'severity', 'author', 'licence', 'tags', 'covers'] as const;
const episodeMembers = ['id', 'count', 'first', 'last', 'mergedInto'] as const;

/** Every member a template may name. Nothing is evaluated: a path is looked up here, or it is an error. */
const members: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['id', ({ id }) => id],
  ['revision', ({ revision }) => revision],
  ['time', ({ time }) => time],
  ['cluster', ({ cluster }) => cluster],
  ...ruleMembers.map((name): [string, Read] => [`rule.${name}`, ({ rule }) => rule[name]]),
  ...eventMembers.map((name): [string, Read] => [`event.${name}`, ({ event }) => event[name]]),
  ['origin.time', ({ origin }) => origin?.time],
  ...eventMembers.map((name): [string, Read] => [`origin.${name}`, ({ origin }) => origin?.[name]]),
  ...episodeMembers.map((name): [string, Read] => [`episode.${name}`, ({ episode }) => episode?.[name]]),
  ['rolledUp.count', ({ rolledUp }) => rolledUp?.count],
  ['rolledUp.last', ({ rolledUp }) => rolledUp?.last],
  ['output.text', ({ output }) => output?.text],
  ['output.priority', ({ output }) => output?.priority],
]);

export const templateMembers: readonly string[] = [...members.keys(), 'evidence.<field>', 'episode.group.<field>'];

/**
 * Compiles `{time} {rule.name} {event.user}`: members of a finding between braces (`{{` and `}}` for braces themselves), `\t`
 * between columns. A value that is absent shows as `-`; lists are joined with commas; control characters show as `·`.
 * @throws Fault E_USAGE_TEMPLATE for a member that does not exist
 */
export function compileTemplate(text: string): (finding: Finding) => string {
  const parts: (string | Read)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}' || two === '\\t' || two === '\\\\') {
      literal += two === '\\t' ? '\t' : two[0];
      at += 2;
      continue;
    }
    const character = text[at] ?? '';
    if (character !== '{') {
      if (character === '}') throw fault('has a `}` without its `{`', 'Write `}}` for a brace.');
      literal += /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\t' ? '·' : character;
      at++;
      continue;
    }
    const end = text.indexOf('}', at);
    if (end < 0) throw fault('has a `{` without its `}`', 'Write `{{` for a brace.');
    parts.push(literal, readOf(text.slice(at + 1, end).trim()));
    literal = '';
    at = end + 1;
  }
  parts.push(literal);
  return (finding) => parts.map((part) => (typeof part === 'string' ? part : valueText(part(finding)))).join('');
}

function readOf(path: string): Read {
  const read = members.get(path);
  if (read) return read;
  const evidence = /^evidence\.(.+)$/.exec(path)?.[1];
  if (evidence !== undefined) return ({ evidence: fields }) => (Object.hasOwn(fields, evidence) ? fields[evidence] : undefined);
  const group = /^episode\.group\.(.+)$/.exec(path)?.[1];
  if (group !== undefined)
    return ({ episode }) => (episode && Object.hasOwn(episode.group, group) ? episode.group[group] : undefined);
  throw fault('names a member that findings do not have', didYouMean(path, templateMembers));
}

function valueText(value: unknown): string {
  const text = Array.isArray(value) ? value.map(String).join(',') : String(value ?? '');
  return text === '' ? '-' : printable(text);
}

function fault(what: string, remedy: string): Fault {
  return new Fault(`the template ${what}`, { code: 'E_USAGE_TEMPLATE', remedy });
}
