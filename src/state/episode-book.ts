import type { Finding } from '../core/finding.ts';
import { formatTime } from '../core/format-time.ts';
import { LazyList } from '../core/lazy-list.ts';
import { StalestMap } from '../core/stalest-map.ts';
import type { LoadedCorrelation } from '../detection/rule-set.ts';
import { type EpisodeView, episodeFinding } from './correlation-state.ts';

interface OpenEpisode {
  readonly id: string;
  readonly view: EpisodeView;
  firstUs: number;
  lastUs: number;
  count: number;
  revision: number;
  /** Count when last reported. */
  emitted: number;
}

/** Plain data: group, then the episode. */
export type EpisodeBookSnapshot = Iterable<readonly [string, Readonly<OpenEpisode>]>;

/** Something that happened to a group. */
export interface Incident {
  readonly group: string;
  readonly timeUs: number;
  /** Names a new episode; the same when the incident comes again. */
  readonly id: string;
  readonly view: EpisodeView;
}

/**
 * Rolls incidents of one group that lie close together into one finding: reported at once, again when their number has
 * doubled, and a last time when nothing more can come.
 */
export class EpisodeBook {
  readonly #loaded: LoadedCorrelation;
  readonly #gapUs: number;
  readonly #maxGroups: number;
  readonly #open: StalestMap<OpenEpisode>;

  /** `gapUs`: incidents further apart are episodes of their own. */
  constructor(loaded: LoadedCorrelation, gapUs: number, maxGroups: number, snapshot: EpisodeBookSnapshot = []) {
    this.#loaded = loaded;
    this.#gapUs = gapUs;
    this.#maxGroups = maxGroups;
    this.#open = new StalestMap();
    for (const [group, episode] of snapshot) this.#open.set(group, { ...episode });
  }

  /** Id of the episode the incident belongs to. */
  add({ group, timeUs, id, view }: Incident, out: Finding[]): string {
    const known = this.#open.get(group);
    const joins = known !== undefined && timeUs - known.lastUs <= this.#gapUs && known.firstUs - timeUs <= this.#gapUs;
    if (known && !joins) this.#finish(group, known, out);
    const episode = joins ? known : { id, view, firstUs: timeUs, lastUs: timeUs, count: 0, revision: 0, emitted: 0 };
    episode.firstUs = Math.min(episode.firstUs, timeUs);
    episode.lastUs = Math.max(episode.lastUs, timeUs);
    episode.count++;
    const stalest = this.#open.setWithin(this.#maxGroups, group, episode);
    if (episode.emitted === 0 || episode.count >= episode.emitted * 2) out.push(this.#finding(episode));
    if (stalest) this.#finish(...stalest, out);
    return episode.id;
  }

  /** Episodes that ended before `timeUs` are over. */
  closeBefore(timeUs: number, out: Finding[]): void {
    for (const [group, episode] of this.#open) if (episode.lastUs + this.#gapUs < timeUs) this.#finish(group, episode, out);
  }

  snapshot(): EpisodeBookSnapshot {
    return new LazyList(() => this.#open[Symbol.iterator]());
  }

  #finish(group: string, episode: OpenEpisode, out: Finding[]): void {
    this.#open.delete(group);
    if (episode.count > episode.emitted) out.push(this.#finding(episode));
  }

  #finding(episode: OpenEpisode): Finding {
    episode.revision++;
    episode.emitted = episode.count;
    const { id, count, view, revision } = episode;
    const [first, last] = [formatTime(episode.firstUs), formatTime(episode.lastUs)];
    return episodeFinding(this.#loaded, view, revision, last, { id, count, first, last });
  }
}
