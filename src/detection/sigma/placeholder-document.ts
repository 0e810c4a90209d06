import type { YAMLMap } from 'yaml';
import { Fault, Faults } from '../../core/faults.ts';
import type { Placeholders } from './placeholders.ts';
import { YamlSource } from './yaml-source.ts';

const code = 'E_RULE_PLACEHOLDER';

/** Our addition to Sigma, which leaves open how lists are given: a document `placeholders: { name: [value, …] }`. Undefined where it is none. */
export function placeholdersOf(source: YamlSource, map: YAMLMap): Placeholders | undefined {
  const members = source.members(map);
  const section = members.find(({ name }) => name === 'placeholders');
  if (!section) return undefined;
  const lists = source.map(section.value);
  for (const { name, at } of members)
    if (name !== 'placeholders')
      source.fault(at, code, `"${name}" does not stand beside "placeholders"`, 'Give placeholders a document of their own.');
  if (!lists) source.fault(section.at, code, '"placeholders" is a map of lists');
  const found = new Map<string, readonly string[]>();
  for (const { name, at, value } of lists ? source.members(lists) : []) {
    const texts = source.list(value).map((node) => source.text(node));
    if (!/^\w+$/.test(name)) source.fault(at, code, `"${name}" cannot be the name of a placeholder`, 'Letters, digits and _.');
    else if (texts.length === 0 || texts.includes(undefined)) source.fault(at, code, `"${name}" is a list of texts`);
    else found.set(name, texts.map(String));
  }
  return found;
}

/**
 * The placeholders of all files, before any rule is read. What is wrong with them is reported when their file is read.
 * @throws Faults where a name is given twice
 */
export function collectPlaceholders(files: readonly { readonly file: string; readonly text: string }[]): Placeholders {
  const all = new Map<string, readonly string[]>();
  const twice: Fault[] = [];
  for (const { file, text } of files) {
    if (!/^placeholders\s*:/m.test(text)) continue;
    const source = new YamlSource(file, text);
    if (source.faults.length > 0) continue;
    for (const document of source.documents) {
      source.enter(document);
      const map = source.map(document.contents);
      for (const [name, values] of (map && placeholdersOf(source, map)) ?? []) {
        const location = source.locationOf(map);
        if (all.has(name)) twice.push(new Fault(`the placeholder "${name}" is defined twice`, { code, location }));
        all.set(name, values);
      }
    }
  }
  if (twice.length > 0) throw new Faults(twice);
  return all;
}
