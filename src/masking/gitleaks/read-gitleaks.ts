import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import { compilePattern } from '../../scan/pattern.ts';
import type { GitleaksAllowlist, GitleaksFile, GitleaksRequirement, GitleaksRule, Notice } from './gitleaks-file.ts';
import { type TomlPath, TomlSource, type TomlTable } from './toml-source.ts';

const shapeRemedy = 'See docs/gitleaks.md for what is read.';

const known = {
  file: ['title', 'description', 'minversion', 'extend', 'rules', 'allowlist', 'allowlists'],
  extend: ['path', 'url', 'usedefault', 'disabledrules'],
  rule: [
    ...['id', 'description', 'path', 'regex', 'secretgroup', 'entropy', 'keywords', 'tags'],
    ...['allowlist', 'allowlists', 'required', 'skipreport'],
  ],
  allowlist: ['id', 'description', 'condition', 'commits', 'paths', 'regextarget', 'regexes', 'stopwords', 'targetrules'],
  required: ['id', 'withinlines', 'withincolumns'],
} as const;

/**
 * Reads a gitleaks configuration. Faults are collected in the result: what extends another file may repair some.
 * @throws Faults E_GITLEAKS_TOML where it is not TOML
 */
export function readGitleaks({ file, text }: { readonly file: string; readonly text: string }): GitleaksFile {
  return new GitleaksReader(new TomlSource(file, text)).read();
}

class GitleaksReader {
  readonly #source: TomlSource;
  readonly #faults: Fault[] = [];
  readonly #notices: Notice[] = [];

  constructor(source: TomlSource) {
    this.#source = source;
  }

  read(): GitleaksFile {
    const { root, file } = this.#source;
    this.#unknown(root, [], known.file);
    const extend = this.#table(root['extend'], ['extend']);
    if (extend) this.#unknown(extend, ['extend'], known.extend);
    if (extend?.['url'] !== undefined)
      this.#refuse(['extend', 'url'], 'extend.url is not fetched', 'Save the file and use extend.path.');
    const path = this.#text(extend ?? {}, ['extend'], 'path') || undefined;
    const useDefault = extend?.['usedefault'] === true;
    if (path !== undefined && useDefault)
      this.#refuse(['extend'], 'extend has both path and useDefault', 'Give one; a file at path may itself use the default.');
    return {
      file,
      title: this.#text(root, [], 'title'),
      extend: {
        path,
        useDefault,
        disabledRules: this.#list(extend ?? {}, ['extend'], 'disabledrules'),
        place: this.#source.place(['extend']),
      },
      rules: this.#tables(root, [], 'rules').map(([rule, at]) => this.#rule(rule, at)),
      allowlists: this.#allowlists(root, [], 'the file'),
      faults: this.#faults,
      notices: this.#notices,
    };
  }

  #rule(rule: TomlTable, at: TomlPath): GitleaksRule {
    this.#unknown(rule, at, known.rule);
    const id = this.#text(rule, at, 'id').trim();
    if (id === '') this.#refuse(at, 'a rule has no id', 'Give it an `id`.');
    const path = this.#text(rule, at, 'path') || undefined;
    if (path !== undefined) this.#compile(path, [...at, 'path']);
    const regex = this.#text(rule, at, 'regex') || undefined;
    if (regex !== undefined) this.#compile(regex, [...at, 'regex']);
    return {
      id,
      description: this.#text(rule, at, 'description'),
      regex,
      path,
      secretGroup: this.#number(rule, at, 'secretgroup') ?? 0,
      entropy: this.#number(rule, at, 'entropy') ?? 0,
      keywords: this.#list(rule, at, 'keywords').map((word) => word.toLowerCase()),
      allowlists: this.#allowlists(rule, at, `rule ${id}`),
      required: this.#tables(rule, at, 'required').map(([one, inner]) => this.#requirement(one, inner)),
      skipReport: rule['skipreport'] === true,
      file: this.#source.file,
      place: this.#source.place(at),
    };
  }

  #requirement(one: TomlTable, at: TomlPath): GitleaksRequirement {
    this.#unknown(one, at, known.required);
    const id = this.#text(one, at, 'id');
    if (id === '') this.#refuse(at, 'a required rule has no id', 'Name the rule that must be found too.');
    const withinLines = this.#number(one, at, 'withinlines');
    return { id, withinLines, withinColumns: this.#number(one, at, 'withincolumns'), place: this.#source.place(at) };
  }

  /** `[allowlist]` of older files and `[[allowlists]]`; not both. */
  #allowlists(table: TomlTable, at: TomlPath, owner: string): readonly GitleaksAllowlist[] {
    const lists = this.#tables(table, at, 'allowlists');
    if (table['allowlist'] === undefined) return lists.map(([one, inner]) => this.#allowlist(one, inner, owner));
    const single = [...at, 'allowlist'];
    if (lists.length > 0)
      this.#refuse(single, `${owner} has both allowlist and allowlists`, 'Write all of them as `allowlists`.');
    // Some files write the old name as a list.
    const old = Array.isArray(table['allowlist']) ? this.#tables(table, at, 'allowlist') : [];
    const one = Array.isArray(table['allowlist']) ? undefined : this.#table(table['allowlist'], single);
    return [...old, ...(one ? [[one, single] as const] : []), ...lists].map(([inner, place]) =>
      this.#allowlist(inner, place, owner),
    );
  }

  #allowlist(one: TomlTable, at: TomlPath, owner: string): GitleaksAllowlist {
    this.#unknown(one, at, known.allowlist);
    const condition = this.#text(one, at, 'condition').toUpperCase();
    if (!['', 'OR', '||', 'AND', '&&'].includes(condition))
      this.#refuse([...at, 'condition'], `an allowlist of ${owner} has an unknown condition`, 'Write AND or OR.');
    const target = this.#text(one, at, 'regextarget') || 'secret';
    if (target !== 'secret' && target !== 'match' && target !== 'line')
      this.#refuse([...at, 'regextarget'], `an allowlist of ${owner} has an unknown regexTarget`, 'Write secret, match or line.');
    const regexes = this.#list(one, at, 'regexes');
    regexes.forEach((regex, i) => {
      this.#compile(regex, [...at, 'regexes', i]);
    });
    const paths = this.#list(one, at, 'paths');
    paths.forEach((path, i) => {
      this.#compile(path, [...at, 'paths', i]);
    });
    const commits = this.#list(one, at, 'commits');
    const stopwords = [...new Set(this.#list(one, at, 'stopwords').map((word) => word.toLowerCase()))];
    if (regexes.length + paths.length + commits.length + stopwords.length === 0)
      this.#refuse(at, `an allowlist of ${owner} allows nothing`, 'Give it regexes, stopwords, paths or commits.');
    return {
      all: condition === 'AND' || condition === '&&',
      commits: commits.length,
      paths: paths.length,
      target: target as GitleaksAllowlist['target'],
      regexes,
      stopwords,
      targetRules: this.#list(one, at, 'targetrules'),
      file: this.#source.file,
      place: this.#source.place(at),
    };
  }

  #compile(expression: string, at: TomlPath): void {
    try {
      compilePattern(expression);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#refuse(at, error.message, error.remedy ?? shapeRemedy);
    }
  }

  #tables(table: TomlTable, at: TomlPath, key: string): readonly (readonly [TomlTable, TomlPath])[] {
    const value = table[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#refuse([...at, key], `${key} is not a list of tables`, `Begin each with [[…${key}]].`);
      return [];
    }
    return value.flatMap((one: unknown, i) => {
      const inner = this.#table(one, [...at, key, i]);
      return inner ? [[inner, [...at, key, i]] as const] : [];
    });
  }

  #table(value: unknown, at: TomlPath): TomlTable | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as TomlTable;
    this.#refuse(at, `${at.join('.')} is not a table`, shapeRemedy);
    return undefined;
  }

  #text(table: TomlTable, at: TomlPath, key: string): string {
    const value = table[key] ?? '';
    if (typeof value === 'string') return value;
    this.#refuse([...at, key], `${key} is not a text`, 'Put it in quotes.');
    return '';
  }

  #number(table: TomlTable, at: TomlPath, key: string): number | undefined {
    const value = table[key];
    const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
    if (number === undefined || (typeof number === 'number' && number >= 0)) return number;
    this.#refuse([...at, key], `${key} is not a number from 0 on`, 'Write a number without quotes.');
    return undefined;
  }

  #list(table: TomlTable, at: TomlPath, key: string): readonly string[] {
    const value = table[key];
    if (value === undefined) return [];
    if (typeof value === 'string') return value.split(',');
    if (Array.isArray(value) && value.every((one): one is string => typeof one === 'string')) return value;
    this.#refuse([...at, key], `${key} is not a list of texts`, "Write ['…', '…'].");
    return [];
  }

  #unknown(table: TomlTable, at: TomlPath, keys: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (keys.includes(key)) continue;
      const message = `\`${key}\` is unknown to gitleaks 8 and has no effect. ${didYouMean(key, keys)}`;
      this.#notices.push({ file: this.#source.file, ...this.#source.place([...at, key]), message });
    }
  }

  #refuse(at: TomlPath, message: string, remedy: string): void {
    this.#faults.push(this.#source.fault(at, 'E_GITLEAKS_RULE', message, remedy));
  }
}
