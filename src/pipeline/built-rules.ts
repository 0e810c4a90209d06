import { readFileSync } from 'node:fs';
import { sha256Hex } from '../crypto/sha256.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import type { RuleFile } from '../detection/load-rules.ts';
import { YamlSource } from '../detection/sigma/yaml-source.ts';
import { treeOf, type YamlTree } from '../detection/sigma/yaml-tree.ts';
import type { TextFile } from './load-files.ts';

/** What the build keeps of the shipped rules, by the SHA-256 of the text it was read from. */
interface BuiltRules {
  readonly trees: Readonly<Record<string, YamlTree>>;
  readonly mapping: {
    readonly key: string;
    readonly groups: [string, []][];
    readonly names: [string, []][];
    readonly values: [];
  };
}

/** Examples are for those who change rules; who runs them needs none. */
const leftOut = ['tests'];

/** The content of rules.json. Files that are more than plain data are left out, and read as they are. */
export function builtRulesText(files: readonly TextFile[], mappingText: string, { groups, names, values }: FieldMapping): string {
  const trees = files.flatMap(({ file, text }) => {
    const tree = treeOf(new YamlSource(file, text).documents, leftOut);
    return tree ? [[sha256Hex(text), tree] as const] : [];
  });
  const mapping = { key: sha256Hex(mappingText), groups: [...groups], names: [...names], values: [...values] };
  return JSON.stringify({ trees: Object.fromEntries(trees), mapping });
}

function read(): BuiltRules | undefined {
  try {
    return JSON.parse(readFileSync(new URL('../rules.json', import.meta.url), 'utf8')) as BuiltRules;
  } catch {
    return undefined;
  }
}

/** Adds what the build has read of these files, and gives the field mapping; undefined where that has changed since. */
export function withBuiltTrees(
  files: readonly TextFile[],
  mappingText: string,
): { readonly files: readonly RuleFile[]; readonly mapping: FieldMapping | undefined } {
  const built = read();
  if (!built) return { files, mapping: undefined };
  const known = files.map((file) => {
    const tree = built.trees[sha256Hex(file.text)];
    return tree ? { ...file, tree } : file;
  });
  if (built.mapping.key !== sha256Hex(mappingText)) return { files: known, mapping: undefined };
  const { groups, names, values } = built.mapping;
  return { files: known, mapping: { groups: new Map(groups), names: new Map(names), values: new Map(values) } };
}
