import { didYouMean } from '../../core/closest-word.ts';
import { creditsOf } from './credits.ts';
import type { RuleException } from './exceptions.ts';
import type { ItemReader } from './item-reader.ts';
import type { FalcoRule, RuleChange, RuleCollection } from './rule-collection.ts';

export const priorities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug'] as const;
export type Priority = (typeof priorities)[number];

const appendable = ['condition', 'output', 'desc', 'tags', 'exceptions'];
const replaceable = [
  ...appendable,
  ...['priority', 'enabled', 'capture', 'capture_duration', 'warn_evttypes', 'skip-if-unknown-filter'],
];
const ruleKeys = ['rule', 'source', 'append', 'override', ...replaceable];
/** Keys that say something only about system calls. */
const withoutMeaning = ['capture', 'capture_duration'];

/** The name of a priority, in any case; `info` is short for informational. */
export function priorityOf(text: string): Priority | undefined {
  const word = text.toLowerCase();
  return word === 'info' ? 'informational' : priorities.find((known) => known === word);
}

function priorityIn(item: ItemReader): Priority {
  const { text } = item.required('priority');
  const priority = priorityOf(text);
  if (!priority) throw item.fault('priority', 'E_RULE_KEY', `unknown priority "${text}"`, didYouMean(text, priorities));
  return priority;
}

function exceptionsIn(item: ItemReader): readonly RuleException[] {
  return item.maps('exceptions').map((one): RuleException => {
    one.allowOnly(['name', 'fields', 'comps', 'values']);
    const values = one.entry('values');
    if (values && !('items' in values))
      throw one.fault('values', 'E_RULE_EXCEPTION', '"values" is not a list', 'Start each value with "- ".');
    return {
      name: one.required('name').text,
      fields: one.entry('fields'),
      comps: one.entry('comps'),
      values: values?.items ?? [],
      location: one.location,
    };
  });
}

/** The named parts of the item, as a change of a rule. */
function changeIn(item: ItemReader, keys: readonly string[]): RuleChange {
  const named = (key: string): boolean => keys.includes(key) && item.has(key);
  return {
    ...(named('condition') ? { condition: item.condition() } : {}),
    ...(named('output') ? { output: item.output() } : {}),
    ...(named('desc') ? { description: item.required('desc').text.trim() } : {}),
    ...(named('priority') ? { priority: priorityIn(item) } : {}),
    ...(named('tags') ? { tags: item.texts('tags') } : {}),
    ...(named('exceptions') ? { exceptions: exceptionsIn(item) } : {}),
    ...(named('enabled') ? { enabled: item.flag('enabled') ?? true } : {}),
    ...(named('skip-if-unknown-filter') ? { skipIfUnknownFilter: item.flag('skip-if-unknown-filter') ?? false } : {}),
  };
}

function wholeRule(item: ItemReader, name: string, fileNumber: number): FalcoRule {
  return {
    name,
    source: item.text('source')?.text ?? 'syscall',
    condition: item.condition(),
    output: item.output(),
    description: item.required('desc').text.trim(),
    priority: priorityIn(item),
    tags: item.texts('tags'),
    exceptions: exceptionsIn(item),
    enabled: item.flag('enabled') ?? true,
    skipIfUnknownFilter: item.flag('skip-if-unknown-filter') ?? false,
    ...creditsOf(item.file.text),
    fileNumber,
    location: item.location,
  };
}

/** `append: true`, the older way: conditions and exceptions are appended. */
function appendOld(item: ItemReader, name: string, collection: RuleCollection, notice: (message: string) => void): void {
  if (!item.has('condition') && !item.has('exceptions'))
    throw item.fault('append', 'E_RULE_OVERRIDE', 'nothing is appended', 'Give a condition or exceptions.');
  const ignored = item.names.filter((key) => !['rule', 'append', 'source', 'condition', 'exceptions'].includes(key));
  if (ignored.length > 0)
    notice(`"append: true" appends condition and exceptions of "${name}"; override appends ${ignored.join(', ')}`);
  collection.appendRule(name, item.location, changeIn(item, ['condition', 'exceptions']));
}

/** Reads a rule, or what an item changes in one. @throws Fault with the place of what is wrong */
export function readRule(
  item: ItemReader,
  fileNumber: number,
  collection: RuleCollection,
  notice: (message: string) => void,
): void {
  const name = item.required('rule').text;
  item.allowOnly(ruleKeys);
  for (const key of withoutMeaning) if (item.has(key)) notice(`"${key}" of "${name}" has no meaning for audit events`);
  item.flag('warn_evttypes');
  const overrides = item.overrides(appendable, replaceable);
  const append = item.flag('append') ?? false;
  if (append && overrides.size > 0)
    throw item.fault('append', 'E_RULE_OVERRIDE', '"append" and "override" exclude each other', 'Keep "override".');
  if (overrides.size > 0) {
    const loose = replaceable.find((key) => item.has(key) && !overrides.has(key));
    if (loose !== undefined)
      throw item.fault(
        loose,
        'E_RULE_OVERRIDE',
        `"${loose}" is given and not named in "override"`,
        `Add ${loose}: replace to override.`,
      );
    const keys = (how: string): string[] => [...overrides].flatMap(([key, value]) => (value === how ? [key] : []));
    if (keys('append').length > 0) collection.appendRule(name, item.location, changeIn(item, keys('append')));
    if (keys('replace').length > 0) collection.replaceInRule(name, item.location, changeIn(item, keys('replace')));
  } else if (append) appendOld(item, name, collection, notice);
  else if (['condition', 'output', 'desc', 'priority'].some((key) => item.has(key)))
    collection.defineRule(wholeRule(item, name, fileNumber));
  else {
    item.required('enabled');
    collection.replaceInRule(name, item.location, changeIn(item, ['enabled']));
  }
}
