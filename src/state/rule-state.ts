import type { Episode, Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { StateKey } from '../core/record.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import { formatTime } from './format-time.ts';
import { Group, type GroupSnapshot, type Run } from './group.ts';
import type { WindowRule } from './window.ts';

/** What people see of a group and of the event that made an episode known. From masked bytes only. */
export interface EpisodeView {
  readonly cluster: string;
  readonly event: Finding['event'];
  readonly group: Readonly<Record<string, string>>;
}

export interface CorrelatorOptions<R extends CorrelationInput> {
  /** Keyed hash of a text, in hex: makes finding ids. */
  readonly identify: (text: string) => string;
  readonly view: (record: R, correlation: LoadedCorrelation) => EpisodeView;
  readonly maxGroups?: number;
  readonly maxGroupEntries?: number;
}

/** Running totals, shared by all correlations. */
export interface Counters {
  evictedGroups: number;
  droppedEntries: number;
  duplicates: number;
  late: number;
}

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

export interface EpisodeSnapshot {
  readonly run: Readonly<Run>;
  readonly id: string;
  readonly view: EpisodeView;
  readonly revision: number;
  readonly emitted: number;
  readonly emittedSpan: string;
}

/** Plain data of one correlation. */
export interface RuleStateSnapshot {
  readonly id: string;
  readonly groups: readonly {
    readonly key: string;
    readonly hits: GroupSnapshot;
    readonly episodes: readonly EpisodeSnapshot[];
  }[];
}

/** Groups of all correlations are looked through once per this share of a window. */
const sweepsPerWindow = 4;

/** The groups of one correlation and their episodes. */
export class RuleState<R extends CorrelationInput> {
  readonly #loaded: LoadedCorrelation;
  readonly #options: CorrelatorOptions<R>;
  readonly #counters: Counters;
  readonly groups = new Map<string, GroupState>();
  #sweptUs = Number.NEGATIVE_INFINITY;

  constructor(loaded: LoadedCorrelation, options: CorrelatorOptions<R>, counters: Counters) {
    this.#loaded = loaded;
    this.#options = options;
    this.#counters = counters;
  }

  get id(): string {
    return this.#loaded.rule.info.id;
  }

  get #window(): WindowRule {
    const { type, windowUs, atLeast, limits: bounds } = this.#loaded.rule;
    return { type, windowUs, atLeast, steps: this.#loaded.ruleIds.length, exactPeak: bounds.length > 0 };
  }

  restore(key: string, hits: GroupSnapshot, episodes: readonly EpisodeSnapshot[]): void {
    const known = episodes.map((episode) => ({ ...episode, run: { ...episode.run } }));
    const maxHits = this.#options.maxGroupEntries ?? limits.groupEntries;
    const group = new Group(
      this.#window,
      maxHits,
      hits,
      known.map((episode) => episode.run),
    );
    this.groups.set(key, { key, group, known });
  }

  push(key: StateKey, record: R, out: Finding[]): void {
    const state = this.#touch(key.group, out);
    const before = state.group.overflow;
    const change = state.group.add({ timeUs: record.eventTimeUs, digest: record.digest, value: key.value });
    this.#counters.droppedEntries += state.group.overflow - before;
    if (change.kind === 'duplicate') this.#counters.duplicates++;
    if (change.kind === 'late') this.#counters.late++;
    if (change.kind !== 'new') return;
    for (const [from, into] of change.merged) this.#merge(state, from, into, out);
    for (const run of state.group.runs) this.#update(state, run, record, out);
  }

  #touch(key: string, out: Finding[]): GroupState {
    const known = this.groups.get(key);
    if (known) this.groups.delete(key);
    const max = this.#options.maxGroupEntries ?? limits.groupEntries;
    const state = known ?? { key, group: new Group(this.#window, max), known: [] };
    this.groups.set(key, state);
    if (this.groups.size > (this.#options.maxGroups ?? limits.correlationGroups)) this.#evict(out);
    return state;
  }

  #evict(out: Finding[]): void {
    const [stalest] = this.groups.values();
    if (!stalest) return;
    this.groups.delete(stalest.key);
    this.#counters.evictedGroups++;
    for (const known of stalest.known) this.#finish(stalest, known, out);
  }

  /** Two episodes turned out to be one: the younger name is withdrawn in favour of the older. */
  #merge(state: GroupState, from: Run, into: Run, out: Finding[]): void {
    const younger = state.known.find((known) => known.run === from);
    if (!younger) return;
    state.known = state.known.filter((known) => known !== younger);
    const older = state.known.find((known) => known.run === into);
    if (!older) state.known.push({ ...younger, run: into });
    else if (younger.emitted > 0) out.push(this.#finding(state, younger, older.id));
  }

  #update(state: GroupState, run: Run, record: R, out: Finding[]): void {
    let known = state.known.find((episode) => episode.run === run);
    if (!known) {
      const id = this.#options.identify(`episode ${this.id} ${state.key} ${run.firstUs} ${record.digest}`);
      known = { run, id, view: this.#options.view(record, this.#loaded), revision: 0, emitted: 0, emittedSpan: '' };
      state.known.push(known);
    }
    if (this.#loaded.rule.limits.length > 0) return;
    const count = state.group.countOf(run);
    if (known.emitted === 0 || count >= known.emitted * 2) out.push(this.#finding(state, known));
  }

  #finish(state: GroupState, known: Known, out: Finding[]): void {
    const span = `${known.run.firstUs} ${known.run.lastUs}`;
    if (known.emitted > 0 && state.group.countOf(known.run) === known.emitted && span === known.emittedSpan) return;
    const { peak } = known.run;
    const fits = {
      lt: (n: number) => peak < n,
      lte: (n: number) => peak <= n,
      eq: (n: number) => peak === n,
      neq: (n: number) => peak !== n,
    };
    if (this.#loaded.rule.limits.every(({ operator, value }) => fits[operator](value))) out.push(this.#finding(state, known));
  }

  #finding(state: GroupState, known: Known, mergedInto?: string): Finding {
    const { run, view } = known;
    known.revision++;
    known.emitted = state.group.countOf(run);
    known.emittedSpan = `${run.firstUs} ${run.lastUs}`;
    const episode: Episode = {
      id: known.id,
      count: known.emitted,
      first: formatTime(run.firstUs),
      last: formatTime(run.lastUs),
      group: view.group,
      ...(mergedInto === undefined ? {} : { mergedInto }),
    };
    const { info } = this.#loaded.rule;
    return {
      id: known.id,
      revision: known.revision,
      rule: info,
      time: episode.last,
      cluster: view.cluster,
      event: view.event,
      evidence: {},
      episode,
    };
  }

  /** Forgets what no event on time can reach any more: a run grows over a gap of one window by a window that starts another before. */
  advance(watermarkUs: number, out: Finding[]): void {
    const { windowUs } = this.#loaded.rule;
    if (watermarkUs - this.#sweptUs < windowUs / sweepsPerWindow) return;
    this.#sweptUs = watermarkUs;
    const before = watermarkUs - 2 * windowUs;
    for (const state of this.groups.values()) {
      for (const known of state.known) if (known.run.lastUs < before) this.#finish(state, known, out);
      state.known = state.known.filter((known) => known.run.lastUs >= before);
      state.group.prune(before);
      if (state.group.size === 0) this.groups.delete(state.key);
    }
  }

  close(out: Finding[]): void {
    for (const state of this.groups.values()) for (const known of state.known) this.#finish(state, known, out);
  }

  snapshot(): RuleStateSnapshot {
    const groups = [...this.groups.values()].map(({ key, group, known }) => ({
      key,
      hits: group.snapshot(),
      episodes: known.map((episode) => ({ ...episode, run: { ...episode.run } })),
    }));
    return { id: this.id, groups };
  }
}
