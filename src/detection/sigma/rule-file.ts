import type { Document, YAMLMap } from 'yaml';
import { Fault, Faults } from '../../core/faults.ts';
import { anyOf, atomsOf, type Condition } from '../condition.ts';
import type { CorrelationRule, Rule } from '../rule.ts';
import { parseCorrelation } from './correlation-section.ts';
import { parseDetection } from './detection-section.ts';
import { parseEventExamples, parseStreamExamples } from './examples-section.ts';
import type { DetectionContext } from './field-values.ts';
import { type FilterRule, parseFilter } from './filter-section.ts';
import { keywordField } from './keywords.ts';
import { placeholdersOf } from './placeholder-document.ts';
import { RuleReader } from './rule-reader.ts';
import { YamlSource } from './yaml-source.ts';
import type { YamlTree } from './yaml-tree.ts';

/** What one Sigma file holds. */
export interface SigmaFile {
  readonly rules: readonly Rule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly FilterRule[];
}

interface Documents {
  readonly rules: Rule[];
  readonly correlations: CorrelationRule[];
  readonly filters: FilterRule[];
}

/** Field names a condition reads, each once; the whole event is none. */
export function fieldsOf(condition: Condition): readonly string[] {
  return [...new Set(atomsOf(condition).map((atom) => atom.name))].filter((name) => name !== keywordField);
}

function readDocument(source: YamlSource, document: Document, context: DetectionContext, out: Documents): void {
  source.enter(document);
  const map = source.map(document.contents);
  if (!map) {
    if (!source.isNull(document.contents)) source.fault(document.contents, 'E_RULE_DOCUMENT', 'a rule is a map');
    return;
  }
  if (placeholdersOf(source, map) !== undefined) return;
  const reader = new RuleReader(source, map);
  reader.checkKeys();
  const sections = ['detection', 'correlation', 'filter'].flatMap((name) => reader.members.get(name) ?? []);
  const [section, second] = sections;
  if (second) source.fault(second.at, 'E_RULE_KEY', 'a document is a rule, a correlation or a filter, one of them');
  if (!section) source.fault(map, 'E_RULE_DETECTION', 'the rule has no detection');
  else if (section.name === 'correlation') readCorrelation(source, reader, context, out);
  else if (section.name === 'filter') readFilter(source, map, reader, context, out);
  else readRule(source, reader, context, out);
}

function readRule(source: YamlSource, reader: RuleReader, context: DetectionContext, out: Documents): void {
  const base = reader.base();
  reader.checkLogsource();
  const waitsFor = new Set<string>();
  const listening = { ...context, emptyList: (name: string) => void waitsFor.add(name) };
  const whole = parseDetection(source, reader.members.get('detection')?.value, listening);
  // "Not one of a list that nobody has filled" would be everything: such a rule is silent until the list is there.
  const condition = waitsFor.size > 0 ? anyOf([]) : whole;
  const tests = parseEventExamples(source, reader.members.get('tests'));
  const waits = waitsFor.size > 0 ? { waitsFor: [...waitsFor] } : {};
  out.rules.push({ ...base, condition, fields: fieldsOf(whole), tests, ...waits });
}

function readCorrelation(source: YamlSource, reader: RuleReader, { fields }: DetectionContext, out: Documents): void {
  const base = reader.base();
  const member = reader.members.get('correlation');
  const section = member && parseCorrelation(source, member, fields);
  if (section) out.correlations.push({ ...base, ...section, tests: parseStreamExamples(source, reader.members.get('tests')) });
}

function readFilter(source: YamlSource, map: YAMLMap, reader: RuleReader, context: DetectionContext, out: Documents): void {
  const title = reader.required('title');
  reader.checkLogsource();
  for (const name of ['level', 'status', 'tests']) {
    const member = reader.members.get(name);
    if (member) source.fault(member.at, 'E_RULE_KEY', `a filter has no "${name}"`);
  }
  const member = reader.members.get('filter');
  let waits = false;
  const emptyList = (): void => {
    waits = true;
  };
  const section = member && parseFilter(source, member, { ...context, emptyList });
  // A filter whose list nobody has filled leaves nothing out.
  if (section && !waits) out.filters.push({ title, ...section, location: source.locationOf(map) });
}

const byPlace = (a: Fault, b: Fault): number =>
  (a.location?.line ?? 0) - (b.location?.line ?? 0) || (a.location?.column ?? 0) - (b.location?.column ?? 0);

/**
 * Reads a file of Sigma 2.1 rules, correlations and filters (one or more YAML documents); their fields go into the table.
 * @throws Faults with everything that is wrong in the file, in order.
 */
export function parseSigmaFile(file: string, text: string, context: DetectionContext, tree?: YamlTree): SigmaFile {
  const source = new YamlSource(file, text, tree);
  if (source.faults.length > 0) throw new Faults(source.faults);
  const out: Documents = { rules: [], correlations: [], filters: [] };
  for (const document of source.documents) readDocument(source, document, context, out);
  const isEmpty = source.documents.every((document) => source.isNull(document.contents));
  if (isEmpty && source.faults.length === 0) {
    throw new Faults([new Fault('the file holds no rule', { code: 'E_RULE_DOCUMENT', location: { file, line: 1, column: 1 } })]);
  }
  if (source.faults.length > 0) throw new Faults([...source.faults].sort(byPlace));
  return out;
}
