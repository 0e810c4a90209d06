import type { YAMLMap } from 'yaml';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault, Faults, type Location } from '../../core/faults.ts';
import type { Placeholders } from './placeholders.ts';
import { type Member, YamlSource } from './yaml-source.ts';
import type { YamlTree } from './yaml-tree.ts';

const code = 'E_RULE_PLACEHOLDER';

/** A document of lists. One that is empty is there to be filled by a list of that name in another file. */
export interface PlaceholderDocument {
  readonly lists: Placeholders;
  /** What the lists hold while the examples of rules run. */
  readonly examples: Placeholders;
}

interface TextFile {
  readonly file: string;
  readonly text: string;
  readonly tree?: YamlTree;
}

class DocumentReader {
  readonly #source: YamlSource;

  constructor(source: YamlSource) {
    this.#source = source;
  }

  lists({ at, value, name: section }: Member): Placeholders {
    const source = this.#source;
    const map = source.map(value);
    if (!map) source.fault(at, code, `"${section}" is a map of lists`);
    const found = new Map<string, readonly string[]>();
    for (const member of map ? source.members(map) : []) {
      const texts = source.isNull(member.value) ? [] : source.list(member.value).map((node) => source.text(node));
      if (!/^\w+$/.test(member.name))
        source.fault(member.at, code, `"${member.name}" cannot be the name of a placeholder`, 'Letters, digits and _.');
      else if (texts.includes(undefined)) source.fault(member.at, code, `"${member.name}" is a list of texts`);
      else found.set(member.name, texts.map(String));
    }
    return found;
  }
}

/**
 * Our addition to Sigma, which leaves open how lists are given: a document `placeholders: { name: [value, …] }`, and beside
 * it `examples`. Undefined where it is none.
 */
export function placeholdersOf(source: YamlSource, map: YAMLMap): PlaceholderDocument | undefined {
  const members = source.members(map);
  const section = members.find(({ name }) => name === 'placeholders');
  if (!section) return undefined;
  const reader = new DocumentReader(source);
  const lists = reader.lists(section);
  let examples: Placeholders = new Map();
  for (const member of members) {
    if (member.name === 'examples') examples = reader.lists(member);
    else if (member.name !== 'placeholders')
      source.fault(
        member.at,
        code,
        `"${member.name}" does not stand beside "placeholders"`,
        'Give placeholders a document of their own.',
      );
  }
  return { lists, examples };
}

function* documentsOf({ file, text, tree }: TextFile): Generator<PlaceholderDocument & { readonly location: Location }> {
  if (!/^placeholders\s*:/m.test(text)) return;
  const source = new YamlSource(file, text, tree);
  if (source.faults.length > 0) return;
  for (const document of source.documents) {
    source.enter(document);
    const map = source.map(document.contents);
    const found = map && placeholdersOf(source, map);
    if (found) yield { ...found, location: source.locationOf(map) };
  }
}

/**
 * The placeholders of all files, before any rule is read. What is wrong with them is reported when their file is read.
 * `forExamples`: lists that have examples hold these.
 * @throws Faults where a name is given values twice
 */
export function collectPlaceholders(files: readonly TextFile[], forExamples = false): Placeholders {
  const all = new Map<string, readonly string[]>();
  const inExamples = new Map<string, readonly string[]>();
  const twice: Fault[] = [];
  for (const { lists, examples, location } of files.flatMap((file) => [...documentsOf(file)])) {
    for (const [name, values] of examples) inExamples.set(name, values);
    for (const [name, values] of lists) {
      const known = all.get(name);
      if (known && known.length > 0 && values.length > 0)
        twice.push(new Fault(`the placeholder "${name}" is defined twice`, { code, location }));
      if (!known || values.length > 0) all.set(name, values);
    }
  }
  if (twice.length > 0) throw new Faults(twice);
  return forExamples ? new Map([...all, ...inExamples]) : all;
}

/**
 * Files that fill lists: nothing but placeholders stands in them, and some rule file asks for each of their lists.
 * @throws Faults with what is wrong in them
 */
export function checkLists(lists: readonly TextFile[], rules: readonly TextFile[]): void {
  const known = collectPlaceholders(rules);
  const asked = (name: string): boolean => known.has(name) || rules.some(({ text }) => text.includes(`%${name}%`));
  const faults: Fault[] = [];
  for (const { file, text } of lists) {
    const source = new YamlSource(file, text);
    for (const document of source.faults.length > 0 ? [] : source.documents) {
      source.enter(document);
      const map = source.map(document.contents);
      const found = map && placeholdersOf(source, map);
      if (!found && !source.isNull(document.contents))
        source.fault(
          document.contents,
          code,
          'a file of lists holds nothing but lists',
          'Write placeholders: { name: [value] }.',
        );
      for (const name of found?.lists.keys() ?? [])
        if (!asked(name)) source.fault(map, code, `no rule asks for the list "${name}"`, didYouMean(name, [...known.keys()]));
    }
    faults.push(...source.faults);
  }
  if (faults.length > 0) throw new Faults(faults);
}
