import { stringify } from 'yaml';
import { didYouMean } from '../core/closest-word.ts';
import { Fault, Faults, type Location } from '../core/faults.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { FieldMapping } from './field-mapping.ts';
import { loadRules, type RuleFile } from './load-rules.ts';
import type { RuleSet } from './rule-set.ts';
import { YamlSource } from './sigma/yaml-source.ts';

/** Somebody's word that a rule need not report some events for a while. */
export interface RuleException {
  /** Id of the rule that tells which events are meant; it makes no findings. */
  readonly matchId: string;
  /** Id, name or title of the rule or correlation, as written. */
  readonly rule: string;
  readonly owner: string;
  readonly reason: string;
  /** From this event time on it no longer applies. Microseconds since the epoch. */
  readonly expiresUs: number;
  readonly location: Location;
}

/** Exceptions of files, and the rules that find their events. Those load with the others. */
export interface ExceptionFiles {
  readonly exceptions: readonly RuleException[];
  readonly rules: readonly RuleFile[];
}

const members = ['rule', 'where', 'owner', 'reason', 'expires'] as const;
const code = 'E_EXCEPTION';

/** Midnight UTC of a date, or an RFC 3339 time, in microseconds; undefined for anything else. */
function timeUs(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms * 1000;
}

/** A random-looking UUID (RFC 9562, version 8) that is the same for the same exception. */
function idOf(text: string): string {
  const hex = sha256Hex(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

class ExceptionReader {
  readonly #source: YamlSource;
  readonly #mapping: FieldMapping;
  readonly exceptions: RuleException[] = [];
  readonly documents: string[] = [];

  constructor(file: RuleFile, mapping: FieldMapping) {
    this.#source = new YamlSource(file.file, file.text);
    this.#mapping = mapping;
  }

  read(): readonly Fault[] {
    if (this.#source.faults.length > 0) return this.#source.faults;
    for (const document of this.#source.documents) {
      this.#source.enter(document);
      const root = this.#source.map(document.contents);
      const list = root ? this.#source.members(root).find(({ name }) => name === 'exceptions') : undefined;
      const sequence = list && this.#source.sequence(list.value);
      if (!sequence) this.#source.fault(document.contents, code, 'a file of exceptions has a list "exceptions"');
      for (const item of sequence?.items ?? []) this.#exception(item);
    }
    return this.#source.faults;
  }

  #exception(node: unknown): void {
    const map = this.#source.map(node);
    if (!map) {
      this.#source.fault(node, code, 'an exception is a map', `Its members are ${members.join(', ')}.`);
      return;
    }
    const given = new Map(this.#source.members(map).map((member) => [member.name, member]));
    for (const { name, at } of given.values())
      if (!members.some((member) => member === name))
        this.#source.fault(at, code, `unknown member "${name}" in an exception`, didYouMean(name, members));
    const text = (name: (typeof members)[number]): string => {
      const value = given.has(name) ? this.#source.text(given.get(name)?.value) : undefined;
      if (value === undefined || value.trim() === '')
        this.#source.fault(given.get(name)?.at ?? node, code, `an exception needs "${name}"`, remedies[name]);
      return value ?? '';
    };
    const rule = text('rule');
    const owner = text('owner');
    const reason = text('reason');
    const expires = text('expires');
    const expiresUs = timeUs(expires);
    if (expires !== '' && expiresUs === undefined)
      this.#source.fault(given.get('expires')?.value, code, '"expires" is no date', remedies.expires);
    const where = given.get('where');
    if (!where || !this.#source.map(where.value)) {
      this.#source.fault(where?.at ?? node, code, 'an exception needs "where", a map of fields', remedies.where);
      return;
    }
    const location = this.#source.locationOf(node);
    this.#add({ rule, owner, reason, expiresUs: expiresUs ?? 0, location }, this.#source.data(where.value), where.value);
  }

  /** The events are found by a rule of their own, whose faults are told at the place of `where`. */
  #add(exception: Omit<RuleException, 'matchId'>, selection: unknown, node: unknown): void {
    const { rule, owner, location } = exception;
    const matchId = idOf(JSON.stringify([rule, owner, exception.expiresUs, selection, location]));
    const title = `Exception of ${rule}`;
    const logsource = { product: 'kubernetes', service: 'audit' };
    const document = stringify({ title, id: matchId, logsource, detection: { selection, condition: 'selection' } });
    try {
      loadRules([{ file: location.file, text: document }], { mapping: this.#mapping });
      this.exceptions.push({ ...exception, matchId });
      this.documents.push(document);
    } catch (error) {
      if (!(error instanceof Faults)) throw error;
      for (const fault of error.faults) this.#source.fault(node, fault.code, fault.message, fault.remedy);
    }
  }
}

const remedies: Readonly<Record<(typeof members)[number], string>> = {
  rule: 'Name the rule by id, name or title.',
  where: 'For example: where: { user.username: deployer@example.com, objectRef.namespace: shop }.',
  owner: 'Say who answers for it.',
  reason: 'Say why the findings need not be seen.',
  expires: 'Write a date such as 2026-12-31, or a time such as 2026-12-31T12:00:00Z.',
};

/**
 * Reads files of exceptions. Pure. `where` is a selection of a Sigma rule and is asked of the raw event.
 * @throws Faults E_EXCEPTION and those of selections, with file, line and column
 */
export function readExceptions(files: readonly RuleFile[], mapping: FieldMapping): ExceptionFiles {
  const readers = files.map((file) => new ExceptionReader(file, mapping));
  const faults = readers.flatMap((reader) => reader.read());
  if (faults.length > 0) throw new Faults(faults);
  return {
    exceptions: readers.flatMap(({ exceptions }) => exceptions),
    rules: readers.flatMap(({ documents }, i) =>
      documents.length === 0 ? [] : [{ file: files[i]?.file ?? '', text: documents.join('---\n') }],
    ),
  };
}

/** Ids of the rules and correlations an exception is about. */
export function rulesOfException({ rule }: RuleException, set: RuleSet): readonly string[] {
  const wanted = rule.toLowerCase();
  const named = [...set.rules, ...set.correlations].filter(({ rule: { info, alias } }) =>
    [info.id, info.name, alias].some((name) => name?.toLowerCase() === wanted),
  );
  return named.map(({ rule: { info } }) => info.id);
}

/**
 * Checks that every exception names a rule that is loaded.
 * @throws Faults E_EXCEPTION_RULE
 */
export function checkExceptions(exceptions: readonly RuleException[], set: RuleSet): void {
  const own = new Set(exceptions.map(({ matchId }) => matchId));
  const names = [...set.rules, ...set.correlations].flatMap(({ rule: { info } }) => (own.has(info.id) ? [] : [info.name]));
  const faults = exceptions
    .filter((exception) => rulesOfException(exception, set).length === 0)
    .map(
      ({ rule, location }) =>
        new Fault(`an exception is about the rule "${rule}", which is not loaded`, {
          code: 'E_EXCEPTION_RULE',
          location,
          remedy: didYouMean(rule, names),
        }),
    );
  if (faults.length > 0) throw new Faults(faults);
}
