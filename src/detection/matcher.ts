import { type Extracts, type FieldSpec, type Matcher, type MatchSink, type RuleCosts, valueTypes } from '../core/extracts.ts';
import type { Atom, Condition, Transform, ValueSource } from './condition.ts';
import { disjunctsOf } from './disjuncts.ts';
import { ByteValue } from './event-value.ts';
import { NeedleGate, needlesOf } from './needle-gate.ts';
import { AtomTable, type Program, runs } from './program.ts';
import { RuleIndex } from './rule-index.ts';
import { shapeAnswers } from './shape-index.ts';
import { type Feed, StateKeyWriter } from './state-keys.ts';

/** What a matcher is built from. Rule number = index. */
export interface MatcherParts {
  readonly fields: readonly FieldSpec[];
  readonly conditions: readonly Condition[];
  /** Correlations each rule feeds. */
  readonly feeds: readonly (readonly Feed[])[];
  /** Random, so that hash collisions cannot be chosen. */
  readonly seed: number;
}

const none = -1;
/** Characters of a number that is added up. */
const longestNumber = 64;

class BitmapMatcher implements Matcher {
  readonly fields: readonly FieldSpec[];
  /** Cases of all rules; those of one rule stand together. */
  readonly #cases: readonly Program[];
  readonly #atoms: readonly Atom[];
  /** What atoms have answered about the current event: 1 false, 2 true; those asked are listed to be forgotten. */
  readonly #answers: Uint8Array;
  readonly #asked: Int32Array;
  #askedCount = 0;
  readonly #ruleOfCase: readonly number[];
  readonly #feeds: readonly (readonly Feed[])[];
  readonly #index: RuleIndex;
  readonly #alive: Uint32Array;
  readonly #gate: NeedleGate | undefined;
  readonly #firstOfField: Int32Array;
  #nextEntry = new Int32Array(64);
  #linked = false;
  readonly #value = new ByteValue();
  #valueEntry = none;
  /** Where the value that `#last` found is from. */
  #lastSource: ValueSource = { field: none, transform: 'none' };
  #valueTransform: Transform = 'none';
  #extracts: Extracts | undefined;
  #costs: RuleCosts | undefined;
  /** Rules share atoms: each is asked once an event. */
  readonly #holds = (atom: number): boolean => {
    const known = this.#answers[atom] as number;
    if (known !== 0) return known === 2;
    const said = this.#index.answer(atom);
    const holds = said === shapeAnswers.open ? this.#atomHolds(this.#atoms[atom] as Atom) : said === shapeAnswers.yes;
    this.#answers[atom] = holds ? 2 : 1;
    this.#asked[this.#askedCount++] = atom;
    return holds;
  };
  readonly #group = new StateKeyWriter();
  readonly #counted = new StateKeyWriter();

  constructor(parts: MatcherParts) {
    this.fields = parts.fields;
    const cases = parts.conditions.flatMap((condition, rule) => disjunctsOf(condition).map((item) => ({ rule, item })));
    const table = new AtomTable();
    this.#cases = cases.map(({ item }) => table.program(item));
    this.#atoms = table.atoms;
    this.#answers = new Uint8Array(table.atoms.length);
    this.#asked = new Int32Array(table.atoms.length);
    this.#ruleOfCase = cases.map(({ rule }) => rule);
    this.#feeds = parts.feeds;
    this.#index = new RuleIndex(parts.fields, this.#atoms, this.#cases, parts.seed);
    const needles = needlesOf(this.#atoms);
    this.#gate = needles.length > 0 ? new NeedleGate(needles) : undefined;
    this.#firstOfField = new Int32Array(parts.fields.length);
    this.#alive = new Uint32Array(Math.ceil(this.#cases.length / 32));
  }

  match(extracts: Extracts, sink: MatchSink): void {
    if (!this.#index.narrow(extracts, this.#alive)) return;
    this.#extracts = extracts;
    this.#linked = false;
    let matched = none;
    for (let word = 0; word < this.#alive.length; word++) {
      for (let bits = this.#alive[word] as number; bits !== 0; bits &= bits - 1) {
        const index = word * 32 + (31 - Math.clz32(bits & -bits));
        const rule = this.#ruleOfCase[index] as number;
        if (rule === matched) continue;
        const asked = this.#askedCount;
        const holds = this.#caseHolds(this.#cases[index] as Program);
        if (this.#costs) this.#charge(this.#costs, rule, this.#askedCount - asked);
        if (!holds) continue;
        matched = rule;
        this.#report(rule, sink);
      }
    }
    this.#release();
  }

  /** The parts of a case that the index has settled are not asked again. */
  #caseHolds(program: Program): boolean {
    if (typeof program === 'number' || !program.all) return runs(program, this.#holds);
    const { items } = program;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Program;
      if (typeof item === 'number' && this.#index.isSettled(item >= 0 ? item : ~item)) continue;
      if (!runs(item, this.#holds)) return false;
    }
    return true;
  }

  measure(): RuleCosts {
    const rules = this.#feeds.length;
    this.#costs ??= { looks: new Float64Array(rules), tests: new Float64Array(rules) };
    return this.#costs;
  }

  #charge({ looks, tests }: RuleCosts, rule: number, asked: number): void {
    looks[rule] = (looks[rule] as number) + 1;
    tests[rule] = (tests[rule] as number) + asked;
  }

  /** Chains the entries of each field, once per event that gets this far. */
  #link(extracts: Extracts): void {
    const { count, fields } = extracts;
    if (this.#nextEntry.length < count) this.#nextEntry = new Int32Array(count * 2);
    this.#firstOfField.fill(none);
    for (let i = count - 1; i >= 0; i--) {
      const field = fields[i] as number;
      this.#nextEntry[i] = this.#firstOfField[field] as number;
      this.#firstOfField[field] = i;
    }
    this.#linked = true;
  }

  #first(field: number): number {
    if (!this.#linked && this.#extracts) this.#link(this.#extracts);
    return this.#firstOfField[field] as number;
  }

  /** The value of an entry; asked for again in a row it keeps its decoded text. */
  #read(entry: number, source: ValueSource): ByteValue {
    if (entry === this.#valueEntry && source.transform === this.#valueTransform) return this.#value;
    const { bytes, starts, ends, types } = this.#extracts as Extracts;
    this.#valueEntry = entry;
    this.#valueTransform = source.transform;
    return this.#value.set(bytes, starts[entry] as number, ends[entry] as number, types[entry] as number, source.transform);
  }

  /** Arrays count through their elements; only `any` also looks at the array itself (exists, not empty). */
  #atomHolds(atom: Atom): boolean {
    if (atom.needles && this.#gate && !this.#mayHold(this.#gate, atom, atom.needles)) return false;
    if (atom.decide) return atom.decide((source) => this.#allValues(atom.sources[source]));
    let seen = false;
    for (let s = 0; s < atom.sources.length; s++) {
      const source = atom.sources[s] as ValueSource;
      for (let entry = this.#first(source.field); entry >= 0; entry = this.#nextEntry[entry] as number) {
        const type = this.#extracts?.types[entry] as number;
        if (type === valueTypes.null || (type === valueTypes.array && atom.quantifier !== 'any')) continue;
        seen = true;
        const passed = passes(atom, this.#read(entry, source));
        if (atom.quantifier === 'all' ? !passed : passed) return atom.quantifier === 'any';
      }
    }
    return seen && atom.quantifier !== 'any';
  }

  #mayHold(gate: NeedleGate, atom: Atom, needles: readonly string[]): boolean {
    const { bytes, starts, ends } = this.#extracts as Extracts;
    const event = this.#first(atom.sources[0]?.field ?? 0);
    return event >= 0 && gate.mayHold(needles, bytes, starts[event] as number, ends[event] as number);
  }

  /** Values that live side by side, for tests that need more than one. */
  #allValues(source: ValueSource | undefined): readonly ByteValue[] {
    const values: ByteValue[] = [];
    if (!source) return values;
    const { bytes, starts, ends, types } = this.#extracts as Extracts;
    for (let entry = this.#first(source.field); entry >= 0; entry = this.#nextEntry[entry] as number) {
      const [start, end, type] = [starts[entry] as number, ends[entry] as number, types[entry] as number];
      values.push(new ByteValue().set(bytes, start, end, type, source.transform));
    }
    return values;
  }

  /**
   * Entry of the last value of the first source that has one, -1 where there is none: the last of `sourceIPs` is the peer, the others
   * a client may invent.
   */
  #last(sources: readonly ValueSource[]): number {
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i] as ValueSource;
      let last = none;
      for (let entry = this.#first(source.field); entry >= 0; entry = this.#nextEntry[entry] as number)
        if ((this.#extracts?.types[entry] as number) < valueTypes.null) last = entry;
      if (last < 0) continue;
      this.#lastSource = source;
      return last;
    }
    return none;
  }

  /** Adds that value to a key. @returns its entry, -1 where there is none */
  #addLast(key: StateKeyWriter, sources: readonly ValueSource[]): number {
    const entry = this.#last(sources);
    if (entry < 0) return none;
    const { bytes, starts, ends, types } = this.#extracts as Extracts;
    if (this.#lastSource.transform !== 'none' || types[entry] === valueTypes.escaped)
      key.add(this.#read(entry, this.#lastSource).text());
    else key.addUtf8(bytes, starts[entry] as number, ends[entry] as number);
    return entry;
  }

  #report(rule: number, sink: MatchSink): void {
    sink.rule(rule);
    const feeds = this.#feeds[rule] ?? [];
    for (const feed of feeds) {
      if (!this.#writeGroup(feed)) continue;
      if (feed.value === 'none') sink.stateKey(feed.correlation, this.#group.view(), undefined);
      else if (feed.value === 'position') sink.stateKey(feed.correlation, this.#group.view(), feed.position);
      else if (feed.isNumeric) this.#addUp(feed, feed.value[0] ?? [], sink);
      else this.#count(feed, feed.value, sink);
    }
  }

  /** False where a field to group by has no value: such an event belongs to no group. */
  #writeGroup(feed: Feed): boolean {
    this.#group.start();
    const { group } = feed;
    for (let i = 0; i < group.length; i++) if (this.#addLast(this.#group, group[i] as readonly ValueSource[]) < 0) return false;
    return true;
  }

  #count(feed: Feed, fields: readonly (readonly ValueSource[])[], sink: MatchSink): void {
    this.#counted.start();
    for (let i = 0; i < fields.length; i++) if (this.#addLast(this.#counted, fields[i] as readonly ValueSource[]) < 0) return;
    sink.stateKey(feed.correlation, this.#group.view(), this.#counted.view());
  }

  #addUp(feed: Feed, sources: readonly ValueSource[], sink: MatchSink): void {
    const entry = this.#last(sources);
    if (entry < 0) return;
    const text = this.#read(entry, this.#lastSource).text();
    const number = /^[-+.\d]/.test(text) && text.length <= longestNumber ? Number(text) : Number.NaN;
    if (Number.isFinite(number)) sink.stateKey(feed.correlation, this.#group.view(), number, entry);
  }

  /** Raw texts and the tile do not outlive the event. */
  #release(): void {
    this.#value.clear();
    this.#valueEntry = none;
    this.#gate?.forget();
    for (let i = 0; i < this.#askedCount; i++) this.#answers[this.#asked[i] as number] = 0;
    this.#askedCount = 0;
    this.#extracts = undefined;
    this.#group.clear();
    this.#counted.clear();
  }
}

function passes(atom: Atom, value: ByteValue): boolean {
  for (let i = 0; i < atom.tests.length; i++) if (atom.tests[i]?.test(value)) return true;
  return false;
}

/** Builds the matcher of a rule set. Not re-entrant. */
export function createMatcher(parts: MatcherParts): Matcher {
  return new BitmapMatcher(parts);
}
