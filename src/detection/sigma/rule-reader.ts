import type { YAMLMap } from 'yaml';
import { closestWord, didYouMean } from '../../core/closest-word.ts';
import { type Severity, severities } from '../../core/finding.ts';
import { type Profile, profiles, type Rule } from '../rule.ts';
import type { Member, YamlSource } from './yaml-source.ts';

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
    'filter',
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

/** Reads what rules, correlations and filters say about themselves. Faults go to the source. */
export class RuleReader {
  readonly #source: YamlSource;
  readonly #map: YAMLMap;
  readonly members: ReadonlyMap<string, Member>;

  constructor(source: YamlSource, map: YAMLMap) {
    this.#source = source;
    this.#map = map;
    this.members = new Map(source.members(map).map((member) => [member.name, member]));
  }

  /** Members that nobody knows are the author's own, unless they look like a misspelt one. */
  checkKeys(): void {
    for (const { name, at } of this.members.values()) {
      if (name === 'action')
        this.#source.fault(
          at,
          'E_RULE_KEY',
          'collections with "action" are no longer part of Sigma',
          'Write each rule as a document; what they share, in each of them, or as a filter.',
        );
      else if (!keys.includes(name) && closestWord(name, keys) !== undefined)
        this.#source.fault(at, 'E_RULE_KEY', `unknown key "${name}"`, didYouMean(name, keys));
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

  required(name: string): string {
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

  /** Sigma asks for no id; without one the rule goes by its name or title. */
  #id(): string {
    const member = this.members.get('id');
    const id = this.text('id');
    if (id === undefined) return this.text('name') ?? this.text('title') ?? '';
    if (!uuid.test(id))
      this.#source.fault(member?.value, 'E_RULE_KEY', 'the id is not a UUID', 'Make a random one, for example with uuidgen.');
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
        name: this.required('title'),
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
