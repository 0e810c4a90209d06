import { Fault, Faults, type Location } from '../core/faults.ts';
import { allOf } from './condition.ts';
import { buildCorrelationGraph, type CorrelationGraph } from './correlation-graph.ts';
import { FalcoFiles } from './falco/falco-files.ts';
import { isBlankText, isFalcoText } from './falco/is-falco-text.ts';
import type { FieldMapping } from './field-mapping.ts';
import { FieldTable } from './field-table.ts';
import { createMatcher } from './matcher.ts';
import { noMapping } from './no-mapping.ts';
import type { CorrelationRule, Profile, Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { selectRules, usedFields } from './select-rules.ts';
import type { FilterRule } from './sigma/filter-section.ts';
import { collectPlaceholders } from './sigma/placeholder-document.ts';
import type { Placeholders } from './sigma/placeholders.ts';
import { parseSigmaFile } from './sigma/rule-file.ts';
import type { YamlTree } from './sigma/yaml-tree.ts';

export interface RuleFile {
  readonly file: string;
  readonly text: string;
  /** What the text was read to before, without the examples of rules. */
  readonly tree?: YamlTree;
}

export interface LoadOptions {
  readonly mapping?: FieldMapping;
  /** Rules that name profiles load only in one of them. */
  readonly profile?: Profile;
  /** Shipped rules load only with examples that match and examples that do not. */
  readonly requireTests?: boolean;
  /** Seed of the matcher's caches; give a random number outside of tests. */
  readonly seed?: number;
  /** Falco rules read fields and compare as Falco does, mistakes included. */
  readonly falcoCompat?: boolean;
  /** Lists that have examples hold these, so that the examples of rules can run. */
  readonly exampleLists?: boolean;
}

class Collection {
  rules: Rule[] = [];
  readonly correlations: CorrelationRule[] = [];
  readonly filters: FilterRule[] = [];
  readonly faults: Fault[] = [];
  readonly table: FieldTable;
  readonly falco = new FalcoFiles();
  readonly #placeholders: Placeholders;
  readonly #fileOfRule = new Map<Rule, number>();

  constructor(mapping: FieldMapping, placeholders: Placeholders) {
    this.table = new FieldTable(mapping);
    this.#placeholders = placeholders;
  }

  read(file: RuleFile, fileNumber: number): void {
    if (isFalcoText(file.text)) this.falco.read(file.file, file.text, fileNumber);
    else this.#readSigma(file, fileNumber);
  }

  #readSigma(file: RuleFile, fileNumber: number): void {
    try {
      const parsed = parseSigmaFile(file.file, file.text, { fields: this.table, placeholders: this.#placeholders }, file.tree);
      this.rules.push(...parsed.rules);
      for (const rule of parsed.rules) this.#fileOfRule.set(rule, fileNumber);
      this.correlations.push(...parsed.correlations);
      this.filters.push(...parsed.filters);
    } catch (error) {
      if (!(error instanceof Faults)) throw error;
      this.faults.push(...error.faults);
    }
  }

  /** Falco files change one another, so their rules come last; then all rules stand in the order of their files. */
  compileFalco(upstream: boolean): void {
    if (this.falco.isEmpty) return;
    for (const { rule, fileNumber } of this.falco.compile(this.table, upstream)) {
      this.rules.push(rule);
      this.#fileOfRule.set(rule, fileNumber);
    }
    this.faults.push(...this.falco.faults);
    const fileOf = (rule: Rule): number => this.#fileOfRule.get(rule) ?? 0;
    this.rules.sort((one, other) => fileOf(one) - fileOf(other));
  }

  #fault(rule: { readonly location: Location }, code: string, message: string, remedy: string): void {
    this.faults.push(new Fault(message, { code, remedy, location: rule.location }));
  }

  checkUnique(): void {
    const all = [...this.rules, ...this.correlations];
    this.#checkUnique(all, 'id', (rule) => rule.info.id.toLowerCase());
    this.#checkUnique(
      all.filter((rule) => rule.alias !== undefined && rule.alias !== rule.info.id),
      'name',
      (rule) => rule.alias ?? '',
    );
  }

  #checkUnique<T extends Rule | CorrelationRule>(rules: readonly T[], what: string, nameOf: (rule: T) => string): void {
    const seen = new Map<string, T>();
    for (const rule of rules) {
      const value = nameOf(rule);
      const other = seen.get(value);
      const remedy = `Also used at ${other?.location.file}:${other?.location.line}.`;
      if (other) this.#fault(rule, 'E_RULE_DUPLICATE', `the ${what} ${value} is taken`, remedy);
      seen.set(value, rule);
    }
  }

  /** Filters narrow the rules they name, whatever the order of files. */
  applyFilters(): void {
    for (const filter of this.filters) {
      const named = (rule: Rule | CorrelationRule): boolean =>
        filter.rules === 'any' || filter.rules.some((name) => name === rule.info.id || name === rule.alias);
      if (filter.rules !== 'any') this.#checkFilter(filter, filter.rules);
      this.rules = this.rules.map((rule) =>
        named(rule) ? { ...rule, condition: allOf([rule.condition, filter.condition]) } : rule,
      );
    }
  }

  #checkFilter(filter: FilterRule, names: readonly string[]): void {
    const known = this.rules.flatMap((rule) => [rule.info.id, ...(rule.alias === undefined ? [] : [rule.alias])]);
    for (const name of names) {
      if (known.includes(name)) continue;
      const isCorrelation = this.correlations.some((rule) => rule.info.id === name || rule.alias === name);
      const message = isCorrelation ? `"${name}" is a correlation` : `the rule "${name}" does not exist`;
      const remedy = isCorrelation ? 'Filter the rules it is made of.' : 'Filters name rules that are loaded, by id or name.';
      this.#fault(filter, 'E_RULE_FILTER', message, remedy);
    }
  }

  checkTests(): void {
    for (const rule of this.rules) {
      const both = rule.tests.some((test) => test.match) && rule.tests.some((test) => !test.match);
      if (!both) this.#untested(rule);
    }
    for (const rule of this.correlations) {
      const both = rule.tests.some((test) => test.findings > 0) && rule.tests.some((test) => test.findings === 0);
      if (!both) this.#untested(rule);
    }
  }

  #untested(rule: Rule | CorrelationRule): void {
    const remedy = 'Add at least one example that matches and one that does not.';
    this.#fault(rule, 'E_RULE_TESTS', `"${rule.info.name}" does not carry both kinds of examples`, remedy);
  }

  graph(): CorrelationGraph {
    const { graph, faults } = buildCorrelationGraph(this.rules, this.correlations);
    this.faults.push(...faults);
    return graph;
  }
}

/**
 * Loads rule files in order. Pure: the caller reads the files.
 * @throws Faults with every fault of every file.
 */
export function loadRules(files: readonly RuleFile[], options: LoadOptions = {}): RuleSet {
  const all = new Collection(options.mapping ?? noMapping, collectPlaceholders(files, options.exampleLists));
  const besideFalco = files.some(({ text }) => isFalcoText(text));
  for (const [number, file] of files.entries()) if (!besideFalco || !isBlankText(file.text)) all.read(file, number);
  all.compileFalco(options.falcoCompat ?? false);
  if (all.faults.length > 0) throw new Faults(all.faults);
  all.checkUnique();
  all.applyFilters();
  if (options.requireTests) all.checkTests();
  const graph = all.graph();
  if (all.faults.length > 0) throw new Faults(all.faults);
  const { rules: known, correlations: joined, table } = all;
  const { rules, correlations, feeds, stateNames } = selectRules(
    { rules: known, correlations: joined, graph, table },
    options.profile ?? 'default',
  );
  const conditions = rules.map(({ rule }) => rule.condition);
  const fields = usedFields(all.table.specs, conditions, feeds);
  return {
    rules,
    correlations,
    matcher: createMatcher({ fields, conditions, feeds, seed: options.seed ?? 0 }),
    stateNames,
    infos: [...rules, ...correlations].filter(({ silent }) => !silent).map(({ rule }) => rule.info),
    ...(all.falco.notices.length > 0 ? { notices: all.falco.notices } : {}),
  };
}
