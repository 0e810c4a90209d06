import { parseAllDocuments, stringify } from 'yaml';
import type { FieldMapping } from './field-mapping.ts';
import { loadRules, type RuleFile } from './load-rules.ts';
import { type Mutant, mutateCorrelation, mutateDetection } from './mutate.ts';
import type { EventExample } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { type CountEpisodes, matchEvent, runExamples } from './run-examples.ts';

type Json = Readonly<Record<string, unknown>>;

/** A change of a rule that none of its examples noticed. */
export interface Survivor {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly file: string;
  readonly what: string;
}

export interface SurvivorOptions {
  readonly mapping: FieldMapping;
  readonly countEpisodes: CountEpisodes;
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Ids of mutants, unlike those of any rule. */
const idOf = (number: number): string => `ffffffff-ffff-4fff-bfff-${String(number).padStart(12, '0')}`;
const numberOf = (id: string): number => Number(id.slice(-12));

/** Members a mutant does not need. What is left decides what matches. */
function bareDocument(document: Json, id: string): Json {
  const { title, logsource, detection, correlation } = document;
  return { title, id, ...(logsource === undefined ? {} : { logsource }), ...(detection ? { detection } : { correlation }) };
}

const textOf = (documents: readonly Json[]): string =>
  documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join('---\n');

class FileMutation {
  readonly #file: RuleFile;
  readonly #options: SurvivorOptions;
  readonly #documents: readonly Json[];

  constructor(file: RuleFile, options: SurvivorOptions) {
    this.#file = file;
    this.#options = options;
    const parsed = parseAllDocuments(file.text, { merge: true });
    const documents = (Array.isArray(parsed) ? parsed : []).map((document) => document.toJS() as unknown).filter(isObject);
    // Filters may name rules of other files, and say nothing about the examples of these.
    this.#documents = documents.filter((document) => !('filter' in document));
  }

  #load(documents: readonly Json[]): RuleSet {
    const { mapping } = this.#options;
    const lists = this.#documents.filter((document) => 'placeholders' in document);
    const text = textOf([...lists, ...documents]);
    return loadRules([{ file: this.#file.file, text }], { mapping, profile: 'hunting', exampleLists: true });
  }

  /** The documents that load, with what they load to: a mutant that is refused is caught. */
  #loadable(context: readonly Json[], mutants: readonly Json[]): RuleSet {
    try {
      return this.#load([...context, ...mutants]);
    } catch {
      return this.#load([...context, ...mutants.filter((mutant) => this.#loads([...context, mutant]))]);
    }
  }

  #loads(documents: readonly Json[]): boolean {
    try {
      this.#load(documents);
      return true;
    } catch {
      return false;
    }
  }

  survivors(): readonly Survivor[] {
    const original = this.#load(this.#documents.filter((document) => !('placeholders' in document)));
    return this.#documents.flatMap((document) => {
      const { title, name, detection, correlation } = document;
      const id = String(document['id'] ?? name ?? title);
      const left = isObject(detection)
        ? this.#ofRule(document, detection, original.rules.find(({ rule }) => rule.info.id === id)?.rule.tests ?? [])
        : isObject(correlation)
          ? this.#ofCorrelation(document, correlation)
          : [];
      return left.map(({ what }) => ({ ruleId: id, ruleName: String(title), file: this.#file.file, what }));
    });
  }

  #ofRule(document: Json, detection: Json, examples: readonly EventExample[]): readonly Mutant[] {
    const mutants = mutateDetection(detection);
    const set = this.#loadable(
      [],
      mutants.map(({ section }, number) => ({ ...bareDocument(document, idOf(number)), detection: section })),
    );
    const alive = new Set(set.rules.keys());
    for (const { match, event } of examples) {
      const matched = new Set(matchEvent(set, event).rules);
      for (const rule of alive) if (matched.has(rule) !== match) alive.delete(rule);
    }
    return [...alive].flatMap((rule) => mutants[numberOf(set.rules[rule]?.rule.info.id ?? '')] ?? []);
  }

  #ofCorrelation(document: Json, correlation: Json): readonly Mutant[] {
    const mutants = mutateCorrelation(correlation);
    const others = this.#documents
      .filter((other) => other !== document && !('placeholders' in other))
      .map(({ tests: _tests, ...rest }) => rest);
    const set = this.#loadable(
      others,
      mutants.map(({ section }, number) => ({
        ...bareDocument(document, idOf(number)),
        correlation: section,
        tests: document['tests'],
      })),
    );
    const { countEpisodes } = this.#options;
    const results = runExamples(set, { countEpisodes });
    const caught = new Set(results.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId));
    const loaded = new Set(set.correlations.map(({ rule }) => rule.info.id));
    return mutants.filter((_mutant, number) => loaded.has(idOf(number)) && !caught.has(idOf(number)));
  }
}

/**
 * Changes each rule of a Sigma file in one thing at a time and runs its examples against the changed rule. What comes
 * back are the changes that no example noticed: the examples are too weak there, or the rule says something twice. Pure.
 */
export function findSurvivors(file: RuleFile, options: SurvivorOptions): readonly Survivor[] {
  return new FileMutation(file, options).survivors();
}
