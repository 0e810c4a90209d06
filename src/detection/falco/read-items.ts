import type { YAMLMap } from 'yaml';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import type { RuleNotice } from '../rule-set.ts';
import { YamlSource } from '../sigma/yaml-source.ts';
import { ItemReader } from './item-reader.ts';
import { readRule } from './read-rule.ts';
import type { RuleCollection } from './rule-collection.ts';
import { engineMajor, engineVersion, isPluginKnown, knownPlugins, type PluginRequirement, semanticVersion } from './versions.ts';

export interface FalcoText {
  readonly file: string;
  readonly text: string;
  readonly fileNumber: number;
}

const kinds = ['required_engine_version', 'required_plugin_versions', 'list', 'macro', 'rule'] as const;
const listKeys = ['list', 'items', 'append', 'override'];
const macroKeys = ['macro', 'condition', 'append', 'override'];

class FileReader {
  readonly #source: YamlSource;
  readonly #file: FalcoText;
  readonly #collection: RuleCollection;
  readonly notices: RuleNotice[] = [];

  constructor(file: FalcoText, collection: RuleCollection) {
    this.#source = new YamlSource(file.file, file.text);
    this.#file = file;
    this.#collection = collection;
  }

  get faults(): readonly Fault[] {
    return this.#source.faults;
  }

  read(): void {
    if (this.faults.length > 0) return;
    for (const document of this.#source.documents) {
      this.#source.enter(document);
      if (document.contents === null) continue;
      const items = this.#source.sequence(document.contents);
      if (!items) {
        this.#source.fault(document.contents, 'E_RULE_DOCUMENT', 'Falco rules are a list of items', 'Start each item with "- ".');
        continue;
      }
      for (const item of items.items) if (!this.#source.isNull(item)) this.#item(item);
    }
  }

  #item(node: unknown): void {
    const map = this.#source.map(node);
    if (!map) {
      this.#source.fault(node, 'E_RULE_DOCUMENT', 'an item is a map', 'Write rule:, macro: or list: and its keys.');
      return;
    }
    try {
      this.#known(new ItemReader(this.#source, this.#file, map), map);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#source.faults.push(
        error.location ? error : new Fault(error.message, { code: error.code, location: this.#source.locationOf(map) }),
      );
    }
  }

  #known(item: ItemReader, map: YAMLMap): void {
    const kind = kinds.find((name) => item.has(name));
    const notice = (message: string): void => {
      this.notices.push({ file: this.#file.file, line: this.#source.locationOf(map).line, message });
    };
    switch (kind) {
      case 'required_engine_version':
        this.#engine(item);
        return;
      case 'required_plugin_versions':
        this.#plugins(item, notice);
        return;
      case 'list':
        this.#list(item);
        return;
      case 'macro':
        this.#macro(item);
        return;
      case 'rule':
        readRule(item, this.#file.fileNumber, this.#collection, notice);
        return;
      default: {
        const [first] = item.names;
        this.#source.fault(
          map,
          'E_RULE_KEY',
          `an item that starts with "${first ?? ''}" is not known`,
          didYouMean(first ?? '', kinds),
        );
      }
    }
  }

  #engine(item: ItemReader): void {
    item.allowOnly(['required_engine_version']);
    const { text, location } = item.required('required_engine_version');
    const version = engineVersion(text);
    const remedy = 'Write a number, or a version such as 0.31.0.';
    if (!version) throw new Fault(`"${text}" is no version`, { code: 'E_RULE_VERSION', location, remedy });
    if (version[0] !== engineMajor)
      throw new Fault(`the rules need version ${text} of the rule engine`, {
        code: 'E_RULE_VERSION',
        location,
        remedy: `Major version ${engineMajor} is supported.`,
      });
  }

  #plugins(item: ItemReader, notice: (message: string) => void): void {
    item.allowOnly(['required_plugin_versions']);
    for (const entry of item.maps('required_plugin_versions')) {
      entry.allowOnly(['name', 'version', 'alternatives']);
      const alternatives = entry.maps('alternatives');
      for (const one of alternatives) one.allowOnly(['name', 'version']);
      const wanted = [entry, ...alternatives].map((one): PluginRequirement => {
        const { text, location } = one.required('version');
        const version = semanticVersion(text);
        if (!version) throw new Fault(`"${text}" is no version`, { code: 'E_RULE_VERSION', location, remedy: 'Write 0.7.0.' });
        return { name: one.required('name').text, version };
      });
      if (isPluginKnown(wanted)) continue;
      const names = wanted.map(({ name, version }) => `${name} ${version.join('.')}`).join(' or ');
      const { location } = entry.required('name');
      if (wanted.some(({ name }) => knownPlugins.includes(name)))
        throw new Fault(`the rules need ${names}`, { code: 'E_RULE_VERSION', location, remedy: 'Major version 0 is supported.' });
      notice(`the file asks for the plugin ${names}, whose fields audit events do not have`);
    }
  }

  #list(item: ItemReader): void {
    item.allowOnly(listKeys);
    const list = { name: item.required('list').text, items: item.texts('items', true), location: item.location };
    if (item.changes(['items']) === 'append') this.#collection.appendList(list);
    else this.#collection.defineList(list);
  }

  #macro(item: ItemReader): void {
    item.allowOnly(macroKeys);
    const macro = { name: item.required('macro').text, condition: item.condition(), location: item.location };
    if (item.changes(['condition']) === 'append') this.#collection.appendMacro(macro);
    else this.#collection.defineMacro(macro);
  }
}

/**
 * Reads a file of Falco rules into the collection. Faults of all items are reported together.
 */
export function readFalcoText(
  file: FalcoText,
  collection: RuleCollection,
): { readonly faults: readonly Fault[]; readonly notices: readonly RuleNotice[] } {
  const reader = new FileReader(file, collection);
  reader.read();
  const byPlace = (a: Fault, b: Fault): number =>
    (a.location?.line ?? 0) - (b.location?.line ?? 0) || (a.location?.column ?? 0) - (b.location?.column ?? 0);
  return { faults: [...reader.faults].sort(byPlace), notices: reader.notices };
}
