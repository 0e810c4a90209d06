import type { Finding } from '../core/finding.ts';
import { formatTime } from '../core/format-time.ts';
import { LazyList } from '../core/lazy-list.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import {
  type CorrelationState,
  type CorrelatorOptions,
  type Counters,
  type EpisodeView,
  episodeFinding,
  type Fire,
  type Match,
} from './correlation-state.ts';
import { Group, type GroupChange, type GroupSnapshot, type Run } from './group.ts';
import { type Hit, renamed } from './hits.ts';
import type { WindowRule } from './window.ts';
import { meets } from './window-metric.ts';

/** An episode that is known by name. */
interface Known {
  readonly run: Run;
  readonly id: string;
  readonly view: EpisodeView;
  revision: number;
  /** Count and bounds when last emitted; 0 while it waits for its end. */
  emitted: number;
  emittedSpan: string;
}

interface GroupState {
  readonly key: string;
  readonly group: Group;
  known: Known[];
}

/** Plain data of one correlation. */
export interface RuleStateSnapshot {
  readonly groups: Iterable<GroupRecord>;
  /** Groups of a single hit, which cannot qualify: key, time, digest, value. */
  readonly lone: Iterable<LoneRecord>;
}

interface GroupRecord {
  readonly key: string;
  readonly hits: GroupSnapshot;
  readonly episodes: readonly (Omit<Known, 'run'> & { readonly run: Readonly<Run> })[];
}

type LoneRecord = readonly [string, number, string, string | number | null];

/** Groups of all correlations are looked through once per this share of a window. */
const sweepsPerWindow = 4;

const isLone = (state: GroupState | Hit): state is Hit => 'timeUs' in state;

/** What windows a correlation looks for. Where episodes of others count, they count once each, however long they last. */
function windowRuleOf({ rule, isChained, links }: LoadedCorrelation): WindowRule {
  const { type, windowUs, atLeast, limits: upper, bounds, percentile } = rule;
  const counts = type === 'event_count' && isChained ? 'value_count' : type;
  return {
    type: counts as WindowRule['type'],
    windowUs,
    atLeast,
    bounds,
    percentile,
    steps: rule.rules.length,
    exactPeak: upper.length > 0,
    feeds: links.length > 0,
  };
}

/** The groups of one correlation over windows, and their episodes. Groups of one hit, the most by far, take little room. */
export class RuleState<R extends CorrelationInput> implements CorrelationState<R> {
  readonly #loaded: LoadedCorrelation;
  readonly #options: CorrelatorOptions<R>;
  readonly #counters: Counters;
  readonly #window: WindowRule;
  readonly #maxHits: number;
  readonly #maxGroups: number;
  /** Whether a group of one hit can wait without a window. */
  readonly #keepsLone: boolean;
  readonly #groups = new StalestMap<GroupState | Hit>();
  #sweptUs = Number.NEGATIVE_INFINITY;
  /** How far event time has come. */
  #watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(loaded: LoadedCorrelation, options: CorrelatorOptions<R>, counters: Counters, snapshot?: RuleStateSnapshot) {
    this.#loaded = loaded;
    this.#options = options;
    this.#counters = counters;
    this.#window = windowRuleOf(loaded);
    this.#maxHits = options.maxGroupEntries ?? limits.groupEntries;
    this.#maxGroups = options.maxGroups ?? limits.correlationGroups;
    this.#keepsLone = this.#window.bounds.length === 0 && this.#window.atLeast > 1;
    for (const { key, hits, episodes } of snapshot?.groups ?? []) {
      const known = episodes.map((episode) => ({ ...episode, run: { ...episode.run } }));
      const runs = known.map((episode) => episode.run);
      const group = new Group(this.#window, this.#maxHits, hits, runs);
      this.#groups.set(key, { key, group, known });
      counters.entries += group.size;
    }
    for (const [key, timeUs, digest, value] of snapshot?.lone ?? []) {
      this.#groups.set(key, { timeUs, digest, value: value ?? undefined });
      counters.entries++;
    }
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  get #id(): string {
    return this.#loaded.rule.info.id;
  }

  push(match: Match<R>, out: Finding[]): readonly Fire[] {
    const hit: Hit = { timeUs: match.timeUs, digest: match.digest, value: match.value };
    const state = this.#touch(match.group, hit, out);
    if (!state) return [];
    const change = this.#add(state, hit);
    if (change.kind !== 'new') return [];
    const replaced = change.merged.flatMap(([from, into]) => this.#merge(state, from, into, out) ?? []);
    for (const run of state.group.runs) this.#update(state, run, match, out);
    const fires = change.qualified.flatMap(([timeUs, run]): readonly Fire[] => {
      const into = change.merged.find(([from]) => from === run)?.[1] ?? run;
      const known = state.known.find((episode) => episode.run === into);
      return known ? [{ timeUs, id: known.id }] : [];
    });
    return [...replaced.map((one) => ({ ...one, timeUs: match.timeUs })), ...fires];
  }

  rename(from: string, into: string): void {
    for (const [key, state] of this.#groups) {
      if (!isLone(state)) this.#counters.entries -= state.group.rename(from, into);
      else if (state.digest === from) this.#groups.set(key, renamed(state, from, into));
    }
  }

  /** The group a hit belongs to; undefined where it was the first and waits by itself. */
  #touch(key: string, hit: Hit, out: Finding[]): GroupState | undefined {
    const known = this.#groups.get(key);
    if (!known && this.#keepsLone && hit.timeUs >= this.#floorUs) {
      this.#groups.set(key, hit);
      this.#counters.entries++;
      this.#evict(out);
      return undefined;
    }
    let state: GroupState;
    if (known && !isLone(known)) state = known;
    else {
      state = { key, group: new Group(this.#window, this.#maxHits), known: [] };
      if (Number.isFinite(this.#floorUs)) state.group.prune(this.#floorUs);
      if (known) state.group.add(known);
    }
    this.#groups.set(key, state);
    this.#evict(out);
    return state;
  }

  /** Hits before this time are forgotten. */
  get #floorUs(): number {
    return this.#sweptUs - 2 * this.#window.windowUs;
  }

  #add(state: GroupState, hit: Hit): GroupChange {
    const [size, overflow] = [state.group.size, state.group.overflow];
    const change = state.group.add(hit, this.#watermarkUs);
    this.#counters.entries += state.group.size - size;
    this.#counters.droppedEntries += state.group.overflow - overflow;
    if (change.kind === 'duplicate') this.#counters.duplicates++;
    if (change.kind === 'late') this.#counters.late++;
    return change;
  }

  /** The stalest groups go where there are too many, or too many hits in all correlations together. */
  #evict(out: Finding[]): void {
    while (this.#groups.size > this.#maxGroups || (this.#counters.entries > limits.correlationEntries && this.#groups.size > 1)) {
      const stalest = this.#groups.takeStalest()?.[1];
      if (!stalest) return;
      this.#counters.evictedGroups++;
      this.#counters.entries -= isLone(stalest) ? 1 : stalest.group.size;
      if (!isLone(stalest)) for (const known of stalest.known) this.#finish(stalest, known, out);
    }
  }

  /** Two episodes turned out to be one: the younger name is withdrawn in favour of the older. */
  #merge(
    state: GroupState,
    from: Run,
    into: Run,
    out: Finding[],
  ): { readonly id: string; readonly replaces: string } | undefined {
    const younger = state.known.find((known) => known.run === from);
    if (!younger) return undefined;
    state.known = state.known.filter((known) => known !== younger);
    const older = state.known.find((known) => known.run === into);
    if (!older) state.known.push({ ...younger, run: into });
    else if (younger.emitted > 0) out.push(this.#finding(state, younger, older.id));
    return older && { id: older.id, replaces: younger.id };
  }

  #update(state: GroupState, run: Run, match: Match<R>, out: Finding[]): void {
    let known = state.known.find((episode) => episode.run === run);
    if (!known) {
      const id = this.#options.identify(`episode ${this.#id} ${state.key} ${run.firstUs} ${match.digest}`);
      const view = this.#options.view(match.record, this.#loaded);
      known = { run, id, view, revision: 0, emitted: 0, emittedSpan: '' };
      state.known.push(known);
    }
    if (this.#loaded.rule.limits.length > 0) return;
    const count = state.group.countOf(run);
    if (known.emitted === 0 || count >= known.emitted * 2) out.push(this.#finding(state, known));
  }

  #finish(state: GroupState, known: Known, out: Finding[]): void {
    const span = `${known.run.firstUs} ${known.run.lastUs}`;
    if (known.emitted > 0 && state.group.countOf(known.run) === known.emitted && span === known.emittedSpan) return;
    if (this.#loaded.rule.limits.every((bound) => meets(known.run.peak, bound))) out.push(this.#finding(state, known));
  }

  #finding(state: GroupState, known: Known, mergedInto?: string): Finding {
    const { run, view } = known;
    known.revision++;
    known.emitted = state.group.countOf(run);
    known.emittedSpan = `${run.firstUs} ${run.lastUs}`;
    const last = formatTime(run.lastUs);
    return episodeFinding(this.#loaded, view, known.revision, last, {
      id: known.id,
      count: known.emitted,
      first: formatTime(run.firstUs),
      last,
      ...(mergedInto === undefined ? {} : { mergedInto }),
    });
  }

  /** Forgets what no event on time can reach any more: a run grows over a gap of one window by a window that starts another before. */
  advance(watermarkUs: number, out: Finding[]): void {
    this.#watermarkUs = watermarkUs;
    // At fixed moments of event time: whoever makes the windows again ends the same episodes at the same places.
    const stepUs = this.#window.windowUs / sweepsPerWindow;
    const dueUs = Math.floor(watermarkUs / stepUs) * stepUs;
    if (dueUs <= this.#sweptUs) return;
    this.#sweptUs = dueUs;
    const before = this.#floorUs;
    for (const [key, state] of this.#groups) {
      if (isLone(state)) {
        if (state.timeUs >= before) continue;
        this.#groups.delete(key);
        this.#counters.entries--;
        continue;
      }
      for (const known of state.known) if (known.run.lastUs < before) this.#finish(state, known, out);
      state.known = state.known.filter((known) => known.run.lastUs >= before);
      const { size } = state.group;
      state.group.prune(before);
      this.#counters.entries -= size - state.group.size;
      if (state.group.size === 0) this.#groups.delete(key);
    }
  }

  close(out: Finding[]): void {
    for (const [, state] of this.#groups) if (!isLone(state)) for (const known of state.known) this.#finish(state, known, out);
  }

  snapshot(): RuleStateSnapshot {
    return { groups: new LazyList(() => this.#groupRecords()), lone: new LazyList(() => this.#loneRecords()) };
  }

  *#groupRecords(): Generator<GroupRecord> {
    for (const [key, state] of this.#groups) {
      if (isLone(state)) continue;
      const episodes = state.known.map((episode) => ({ ...episode, run: { ...episode.run } }));
      yield { key, hits: state.group.snapshot(), episodes };
    }
  }

  *#loneRecords(): Generator<LoneRecord> {
    for (const [key, state] of this.#groups) if (isLone(state)) yield [key, state.timeUs, state.digest, state.value ?? null];
  }
}
