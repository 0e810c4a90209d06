import { Faults } from '../../src/core/faults.ts';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { type LoadOptions, loadRules } from '../../src/detection/load-rules.ts';
import type { RuleSet } from '../../src/detection/rule-set.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';

export const head = (id = 1): string =>
  `title: Rule ${id}\nid: 00000000-0000-4000-8000-${String(id).padStart(12, '0')}\nlogsource: { product: kubernetes, service: audit }\n`;

/** A rule of one detection section, given as YAML. */
export const ruleOf = (detection: string, id = 1, more = ''): string =>
  `${head(id)}${more}detection:\n${detection
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;

/** A rule whose condition is one selection of one member. */
export const selectionOf = (member: string): string => ruleOf(`sel: { ${member} }\ncondition: sel`);

export function load(text: string, options: LoadOptions & { readonly fieldsYaml?: string } = {}): RuleSet {
  const mapping = options.fieldsYaml === undefined ? {} : { mapping: parseFieldMapping('fields.yml', options.fieldsYaml) };
  return loadRules([{ file: 'test.yml', text }], { ...options, ...mapping });
}

/** Whether the first rule of the text matches the event. */
export function matches(text: string, event: unknown, fieldsYaml?: string): boolean {
  const set = load(text, fieldsYaml === undefined ? {} : { fieldsYaml });
  return matchEvent(set, event).rules.includes(0);
}

/** Faults of a text as `line:column code message`. */
export function faultsOf(text: string, options: LoadOptions = {}): readonly string[] {
  try {
    load(text, options);
    return [];
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.faults.map((fault) =>
      `${fault.location?.line}:${fault.location?.column} ${fault.code} ${fault.message} ${fault.remedy ?? ''}`.trim(),
    );
  }
}
