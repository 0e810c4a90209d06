import type { Finding } from '../core/finding.ts';
import { LazyList } from '../core/lazy-list.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import type { CorrelationState, CorrelatorOptions, Counters, EpisodeView, Fire, Match } from './correlation-state.ts';
import { EpisodeBook, type EpisodeBookSnapshot } from './episode-book.ts';
import { type Hit, insertHit } from './hits.ts';

interface Waiting {
  /** Events that wait for an answer. */
  readonly starts: Hit[];
  /** Times of answers, for events that come out of order. */
  answersUs: number[];
  readonly view: EpisodeView;
}

/** Plain data of one correlation. */
export interface AbsenceSnapshot {
  readonly groups: Iterable<WaitingRecord>;
  readonly sweptUs: number | null;
  readonly episodes: EpisodeBookSnapshot;
}

interface WaitingRecord {
  readonly key: string;
  readonly starts: readonly (readonly [number, string])[];
  readonly answersUs: readonly number[];
  readonly view: EpisodeView;
}

/**
 * Fires where something was expected and did not come: an event of the first rule is not followed by one of the second
 * within the time span; with one rule, by another of its own. Known only when the watermark has passed the span.
 */
export class AbsenceState<R extends CorrelationInput> implements CorrelationState<R> {
  readonly #loaded: LoadedCorrelation;
  readonly #options: CorrelatorOptions<R>;
  readonly #counters: Counters;
  readonly #windowUs: number;
  readonly #isPulse: boolean;
  readonly #maxGroups: number;
  readonly #maxStarts: number;
  readonly #groups = new StalestMap<Waiting>();
  readonly #book: EpisodeBook;
  /** Events before this time are late; before `#dueUs` no span ends. */
  #sweptUs: number;
  #dueUs = Number.NEGATIVE_INFINITY;
  #latestUs = Number.NEGATIVE_INFINITY;

  constructor(loaded: LoadedCorrelation, options: CorrelatorOptions<R>, counters: Counters, snapshot?: AbsenceSnapshot) {
    this.#loaded = loaded;
    this.#options = options;
    this.#counters = counters;
    this.#windowUs = loaded.rule.windowUs;
    this.#isPulse = loaded.rule.rules.length === 1;
    this.#maxGroups = options.maxGroups ?? limits.absenceGroups;
    this.#maxStarts = options.maxGroupEntries ?? limits.absenceStarts;
    for (const { key, starts, answersUs, view } of snapshot?.groups ?? []) {
      const hits = starts.map(([timeUs, digest]) => ({ timeUs, digest, value: undefined }));
      this.#groups.set(key, { starts: hits, answersUs: [...answersUs], view });
    }
    this.#sweptUs = snapshot?.sweptUs ?? Number.NEGATIVE_INFINITY;
    this.#book = new EpisodeBook(loaded, this.#windowUs, this.#maxGroups, snapshot?.episodes);
  }

  get groupCount(): number {
    return this.#groups.size;
  }

  push(match: Match<R>): readonly Fire[] {
    const { timeUs, group, digest } = match;
    this.#latestUs = Math.max(this.#latestUs, timeUs);
    if (timeUs + this.#windowUs < this.#sweptUs) {
      this.#counters.late++;
      return [];
    }
    const isStart = this.#isPulse || match.value === 0;
    const isAnswer = this.#isPulse || match.value !== 0;
    const known = this.#groups.get(group);
    const state = known ?? { starts: [], answersUs: [], view: this.#options.view(match.record, this.#loaded) };
    if (isStart && insertHit(state.starts, { timeUs, digest, value: undefined }) < 0) this.#counters.duplicates++;
    if (isAnswer) state.answersUs.push(timeUs);
    this.#settle(state);
    this.#bound(state);
    if (this.#groups.setWithin(this.#maxGroups, group, state)) this.#counters.evictedGroups++;
    this.#dueUs = Math.min(this.#dueUs, timeUs + this.#windowUs);
    return [];
  }

  /** Takes away what has been answered. An event is no answer to itself. */
  #settle(state: Waiting): void {
    const isAnswered = ({ timeUs }: Hit): boolean =>
      state.answersUs.some((answerUs) =>
        this.#isPulse
          ? answerUs > timeUs && answerUs <= timeUs + this.#windowUs
          : answerUs >= timeUs && answerUs <= timeUs + this.#windowUs,
      );
    const open = state.starts.filter((start) => !isAnswered(start));
    state.starts.splice(0, state.starts.length, ...open);
  }

  /** The oldest starts and answers leave where a group has too many. */
  #bound(state: Waiting): void {
    const extra = state.starts.length - this.#maxStarts;
    if (extra > 0) {
      state.starts.splice(0, extra);
      this.#counters.droppedEntries += extra;
    }
    if (state.answersUs.length > this.#maxStarts) state.answersUs = state.answersUs.sort((a, b) => a - b).slice(-this.#maxStarts);
  }

  advance(watermarkUs: number, out: Finding[]): void {
    this.#sweptUs = Math.max(this.#sweptUs, watermarkUs);
    if (watermarkUs > this.#dueUs) this.#report(watermarkUs, out);
    // Last: what has fallen due may belong to an episode that ends here, however far time has moved at once.
    this.#book.closeBefore(watermarkUs - this.#windowUs, out);
  }

  #report(watermarkUs: number, out: Finding[]): void {
    this.#dueUs = Number.POSITIVE_INFINITY;
    for (const [key, state] of this.#groups) {
      const due = state.starts.filter((start) => start.timeUs + this.#windowUs < watermarkUs);
      state.starts.splice(0, due.length);
      for (const { timeUs, digest } of due) {
        const id = this.#options.identify(`absence ${this.#loaded.rule.info.id} ${key} ${digest}`);
        this.#book.add({ group: key, timeUs, id, view: state.view }, out);
      }
      state.answersUs = state.answersUs.filter((answerUs) => answerUs >= watermarkUs - this.#windowUs);
      const waitsFor = [...state.starts.map((start) => start.timeUs), ...state.answersUs];
      for (const timeUs of waitsFor) this.#dueUs = Math.min(this.#dueUs, timeUs + this.#windowUs);
      if (state.starts.length === 0 && state.answersUs.length === 0) this.#groups.delete(key);
    }
  }

  /** The input ends with its last event: only spans that end before it are known to have passed. */
  close(out: Finding[]): void {
    this.advance(this.#latestUs, out);
    this.#book.closeBefore(Number.POSITIVE_INFINITY, out);
  }

  snapshot(): AbsenceSnapshot {
    const groups = new LazyList(() => this.#records());
    return { groups, sweptUs: Number.isFinite(this.#sweptUs) ? this.#sweptUs : null, episodes: this.#book.snapshot() };
  }

  *#records(): Generator<WaitingRecord> {
    for (const [key, { starts, answersUs, view }] of this.#groups)
      yield { key, starts: starts.map(({ timeUs, digest }) => [timeUs, digest]), answersUs: [...answersUs], view };
  }
}
