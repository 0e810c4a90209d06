import type { Document, YAMLMap } from 'yaml';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault, Faults } from '../../core/faults.ts';
import { type Severity, severities } from '../../core/finding.ts';
import { atomsOf } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import { type CorrelationRule, type Profile, profiles, type Rule } from '../rule.ts';
import { parseCorrelation } from './correlation-section.ts';
import { parseDetection } from './detection-section.ts';
import { parseEventExamples, parseStreamExamples } from './examples-section.ts';
import { type Member, YamlSource } from './yaml-source.ts';

/** What one Sigma file holds. */
export interface SigmaFile {
  readonly rules: readonly Rule[];
  readonly correlations: readonly CorrelationRule[];
}

const keys = [
  ...[
    'title',
    'id',
    'name',
    'taxonomy',
    'related',
    'status',
    'description',
    'license',
    'author',
    'references',
    'date',
    'modified',
  ],
  ...[
    'logsource',
    'detection',
    'correlation',
    'fields',
    'falsepositives',
    'level',
    'tags',
    'scope',
    'custom',
    'tests',
    'sigma-version',
  ],
];
const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

class RuleReader {
  readonly #source: YamlSource;
  readonly #map: YAMLMap;
  readonly members: ReadonlyMap<string, Member>;

  constructor(source: YamlSource, map: YAMLMap) {
    this.#source = source;
    this.#map = map;
    this.members = new Map(source.members(map).map((member) => [member.name, member]));
  }

  checkKeys(): void {
    for (const { name, at } of this.members.values()) {
      if (name === 'filter')
        this.#source.fault(at, 'E_RULE_KEY', 'Sigma filters are not supported yet', 'Put the exception into the rule.');
      else if (name === 'action')
        this.#source.fault(
          at,
          'E_RULE_KEY',
          'collections with "action" are no longer part of Sigma',
          'Write each rule as a document.',
        );
      else if (!keys.includes(name)) this.#source.fault(at, 'E_RULE_KEY', `unknown key "${name}"`, didYouMean(name, keys));
    }
    const status = this.text('status');
    if (status !== undefined && !statuses.includes(status)) {
      this.#source.fault(
        this.members.get('status')?.value,
        'E_RULE_KEY',
        `unknown status "${status}"`,
        didYouMean(status, statuses),
      );
    }
  }

  text(name: string): string | undefined {
    return this.#source.text(this.members.get(name)?.value);
  }

  texts(name: string): readonly string[] {
    const member = this.members.get(name);
    if (!member || this.#source.isNull(member.value)) return [];
    return this.#source.list(member.value).map((item) => {
      const text = this.#source.text(item);
      if (text === undefined) this.#source.fault(item, 'E_RULE_KEY', `"${name}" lists texts`);
      return text ?? '';
    });
  }

  #required(name: string): string {
    const text = this.text(name);
    if (!text) this.#source.fault(this.members.get(name)?.at ?? this.#map, 'E_RULE_KEY', `the rule has no ${name}`);
    return text ?? '';
  }

  #severity(): Severity {
    const member = this.members.get('level');
    const text = this.#source.text(member?.value) ?? 'informational';
    const severity = severities.find((known) => known === text);
    if (!severity) this.#source.fault(member?.value, 'E_RULE_KEY', `unknown level "${text}"`, didYouMean(text, severities));
    return severity ?? 'informational';
  }

  #id(): string {
    const member = this.members.get('id');
    const id = this.#required('id');
    if (member && !uuid.test(id))
      this.#source.fault(member.value, 'E_RULE_KEY', 'the id is not a UUID', 'Make a random one, for example with uuidgen.');
    return id;
  }

  /** `custom`: covers and profiles are ours; other members are left to their owners. */
  #custom(name: string): readonly string[] {
    const map = this.#source.map(this.members.get('custom')?.value);
    const member = map && this.#source.members(map).find((item) => item.name === name);
    return member ? this.#source.list(member.value).map((item) => this.#source.text(item) ?? '') : [];
  }

  #profiles(): readonly Profile[] {
    return this.#custom('profiles').flatMap((name) => {
      const profile = profiles.find((known) => known === name);
      if (!profile)
        this.#source.fault(this.members.get('custom')?.at, 'E_RULE_KEY', `unknown profile "${name}"`, didYouMean(name, profiles));
      return profile ? [profile] : [];
    });
  }

  checkLogsource(): void {
    const member = this.members.get('logsource');
    const map = this.#source.map(member?.value);
    const parts = new Map((map ? this.#source.members(map) : []).map((item) => [item.name, this.#source.text(item.value)]));
    if (parts.get('product') !== 'kubernetes' || parts.get('service') !== 'audit') {
      const remedy = 'logsource: { product: kubernetes, service: audit }';
      this.#source.fault(member?.at ?? this.#map, 'E_RULE_LOGSOURCE', 'the rule is not for Kubernetes audit events', remedy);
    }
  }

  base(): Omit<Rule, 'condition' | 'fields' | 'tests'> {
    return {
      info: {
        id: this.#id(),
        name: this.#required('title'),
        severity: this.#severity(),
        author: this.text('author'),
        licence: this.text('license'),
        tags: this.texts('tags'),
        covers: this.#custom('covers'),
      },
      alias: this.text('name'),
      description: this.text('description')?.trim() ?? '',
      falsePositives: this.texts('falsepositives'),
      references: this.texts('references'),
      profiles: this.#profiles(),
      location: this.#source.locationOf(this.#map),
    };
  }
}

function readDocument(
  source: YamlSource,
  document: Document,
  fields: FieldTable,
  out: { rules: Rule[]; correlations: CorrelationRule[] },
): void {
  source.enter(document);
  const map = source.map(document.contents);
  if (!map) {
    if (document.contents !== null) source.fault(document.contents, 'E_RULE_DOCUMENT', 'a rule is a map');
    return;
  }
  const reader = new RuleReader(source, map);
  reader.checkKeys();
  const base = reader.base();
  const tests = reader.members.get('tests');
  const detection = reader.members.get('detection');
  const correlation = reader.members.get('correlation');
  if (correlation) {
    if (detection) source.fault(detection.at, 'E_RULE_KEY', 'a document is a rule or a correlation, not both');
    const section = parseCorrelation(source, correlation, fields);
    if (section) out.correlations.push({ ...base, ...section, tests: parseStreamExamples(source, tests) });
    return;
  }
  reader.checkLogsource();
  if (!detection) {
    source.fault(map, 'E_RULE_DETECTION', 'the rule has no detection');
    return;
  }
  const condition = parseDetection(source, detection.value, fields);
  const names = [...new Set(atomsOf(condition).map((atom) => atom.name))];
  out.rules.push({ ...base, condition, fields: names, tests: parseEventExamples(source, tests) });
}

const byPlace = (a: Fault, b: Fault): number =>
  (a.location?.line ?? 0) - (b.location?.line ?? 0) || (a.location?.column ?? 0) - (b.location?.column ?? 0);

/**
 * Reads a file of Sigma 2.1 rules and correlations (one or more YAML documents); their fields go into the table.
 * @throws Faults with everything that is wrong in the file, in order.
 */
export function parseSigmaFile(file: string, text: string, fields: FieldTable): SigmaFile {
  const source = new YamlSource(file, text);
  if (source.faults.length > 0) throw new Faults(source.faults);
  const out = { rules: [] as Rule[], correlations: [] as CorrelationRule[] };
  for (const document of source.documents) readDocument(source, document, fields, out);
  if (out.rules.length + out.correlations.length === 0 && source.faults.length === 0) {
    throw new Faults([new Fault('the file holds no rule', { code: 'E_RULE_DOCUMENT', location: { file, line: 1, column: 1 } })]);
  }
  if (source.faults.length > 0) throw new Faults([...source.faults].sort(byPlace));
  return out;
}
