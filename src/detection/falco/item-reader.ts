import type { YAMLMap } from 'yaml';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault, type Location } from '../../core/faults.ts';
import type { Member, YamlSource } from '../sigma/yaml-source.ts';
import { type ConditionPiece, pieceOf } from './condition-text.ts';
import type { ExceptionEntry } from './exceptions.ts';

/** Reads the members of one item of a rule file. Everything that is wrong is thrown as a Fault with its place. */
export class ItemReader {
  readonly location: Location;
  readonly #source: YamlSource;
  readonly #file: { readonly file: string; readonly text: string };
  readonly #map: YAMLMap;
  readonly #members: ReadonlyMap<string, Member>;

  constructor(source: YamlSource, file: { readonly file: string; readonly text: string }, map: YAMLMap) {
    this.#source = source;
    this.#file = file;
    this.#map = map;
    this.#members = new Map(source.members(map).map((member) => [member.name, member]));
    this.location = source.locationOf(map);
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  get file(): { readonly file: string; readonly text: string } {
    return this.#file;
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  fault(name: string, code: string, message: string, remedy: string): Fault {
    const location = this.#source.locationOf(this.#members.get(name)?.at ?? this.#map);
    return new Fault(message, { code, location, remedy });
  }

  allowOnly(known: readonly string[]): void {
    for (const { name, at } of this.#members.values())
      if (!known.includes(name)) this.#source.fault(at, 'E_RULE_KEY', `unknown key "${name}"`, didYouMean(name, known));
  }

  text(name: string): { readonly text: string; readonly location: Location } | undefined {
    const member = this.#members.get(name);
    if (!member) return undefined;
    const text = this.#source.text(member.value);
    if (text === undefined || text.trim() === '')
      throw this.fault(name, 'E_RULE_KEY', `"${name}" is not a text`, `Write ${name}: and a text.`);
    return { text, location: this.#source.locationOf(member.value) };
  }

  required(name: string): { readonly text: string; readonly location: Location } {
    const found = this.text(name);
    if (!found)
      throw new Fault(`the item has no "${name}"`, { code: 'E_RULE_KEY', location: this.location, remedy: `Add ${name}:.` });
    return found;
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name)?.text.toLowerCase();
    if (text === undefined) return undefined;
    if (/^(?:true|yes|on|y)$/.test(text)) return true;
    if (/^(?:false|no|off|n)$/.test(text)) return false;
    throw this.fault(name, 'E_RULE_KEY', `"${name}" is true or false`, `Write ${name}: true.`);
  }

  condition(): ConditionPiece {
    const { text } = this.required('condition');
    return pieceOf(this.#file.file, this.#file.text, this.#members.get('condition')?.value, text);
  }

  /** The output, whose places are looked up as those of a condition are. */
  output(): ConditionPiece {
    const { text } = this.required('output');
    return pieceOf(this.#file.file, this.#file.text, this.#members.get('output')?.value, text);
  }

  texts(name: string, isRequired = false): readonly string[] {
    const member = this.#members.get(name);
    if (!member && !isRequired) return [];
    const sequence = member && this.#source.sequence(member.value);
    if (!sequence) throw this.fault(name, 'E_RULE_KEY', `"${name}" is not a list`, `Write ${name}: [first, second].`);
    return sequence.items.map((item) => {
      const text = this.#source.text(item);
      if (text === undefined)
        throw this.fault(name, 'E_RULE_KEY', `"${name}" holds something that is no text`, 'A list holds texts and numbers.');
      return text;
    });
  }

  /** Readers of the maps in a list; none where there is no such key. */
  maps(name: string): readonly ItemReader[] {
    const member = this.#members.get(name);
    if (!member || this.#source.isNull(member.value)) return [];
    const sequence = this.#source.sequence(member.value);
    const maps = sequence?.items.map((item) => this.#source.map(item));
    if (!maps || maps.includes(undefined))
      throw this.fault(name, 'E_RULE_KEY', `"${name}" is not a list of maps`, 'Start each entry with "- name:".');
    return maps.flatMap((map) => (map ? [new ItemReader(this.#source, this.#file, map)] : []));
  }

  /** A text or lists of texts, as deep as they go. */
  entry(name: string): ExceptionEntry | undefined {
    const member = this.#members.get(name);
    return member && !this.#source.isNull(member.value) ? this.#entryOf(member.value, name) : undefined;
  }

  #entryOf(node: unknown, name: string): ExceptionEntry {
    const location = this.#source.locationOf(node);
    const sequence = this.#source.sequence(node);
    if (sequence) return { items: sequence.items.map((item) => this.#entryOf(this.#source.resolve(item), name)), location };
    const text = this.#source.text(node);
    if (text === undefined)
      throw this.fault(name, 'E_RULE_KEY', `"${name}" holds something that is no text`, 'Write a text or a list of texts.');
    return { text, location };
  }

  /** `override`, by key; every key must be one that can be changed so. */
  overrides(appendable: readonly string[], replaceable: readonly string[]): ReadonlyMap<string, 'append' | 'replace'> {
    const member = this.#members.get('override');
    if (!member) return new Map();
    const map = this.#source.map(member.value);
    if (!map)
      throw this.fault('override', 'E_RULE_OVERRIDE', '"override" is not a map', 'Write override: { condition: append }.');
    return new Map(
      this.#source.members(map).map(({ name, at, value }) => {
        const how = this.#source.text(value);
        const location = this.#source.locationOf(at);
        const wrong = (message: string, remedy: string): Fault =>
          new Fault(message, { code: 'E_RULE_OVERRIDE', location, remedy });
        const known = [...new Set([...appendable, ...replaceable])];
        if (how !== 'append' && how !== 'replace')
          throw wrong(`"${how ?? ''}" is no way to override`, 'Write append or replace.');
        if (!known.includes(name)) throw wrong(`"${name}" cannot be overridden`, didYouMean(name, known));
        if (how === 'append' && !appendable.includes(name)) throw wrong(`nothing can be appended to "${name}"`, 'Write replace.');
        if (!this.has(name)) throw wrong(`"${name}" is to be overridden and is not there`, `Add ${name}: to the item.`);
        return [name, how];
      }),
    );
  }

  /** Of a list or a macro: whether it is appended or takes the place of the one before. */
  changes(keys: readonly string[]): 'append' | 'replace' {
    const overrides = this.overrides(keys, keys);
    const append = this.flag('append') ?? false;
    if (append && overrides.size > 0)
      throw this.fault('append', 'E_RULE_OVERRIDE', '"append" and "override" exclude each other', 'Keep "override".');
    return append || [...overrides.values()].includes('append') ? 'append' : 'replace';
  }
}
