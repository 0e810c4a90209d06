import type { Episode, Finding, Origin } from '../core/finding.ts';
import type { CorrelationInput, LoadedCorrelation } from '../detection/rule-set.ts';
import type { Hit } from './hits.ts';

/** What people see of a group and of the event that made an episode known. From masked bytes only. */
export interface EpisodeView {
  readonly cluster: string;
  readonly event: Finding['event'];
  readonly group: Readonly<Record<string, string>>;
  /** Of what a controller did: who is behind it. */
  readonly origin?: Origin | undefined;
}

export interface CorrelatorOptions<R extends CorrelationInput> {
  /** Keyed hash of a text, in hex: makes finding ids. */
  readonly identify: (text: string) => string;
  readonly view: (record: R, correlation: LoadedCorrelation) => EpisodeView;
  /** Bounds of one correlation, where they are not those of core/limits.ts. */
  readonly maxGroups?: number;
  readonly maxGroupEntries?: number;
}

/** Running totals, shared by all correlations. */
export interface Counters {
  /** Hits kept at the moment. */
  entries: number;
  evictedGroups: number;
  droppedEntries: number;
  duplicates: number;
  /** Matches that came later than the lateness allows and no longer count. */
  late: number;
  /** Values taken for known by a filter that may err. */
  estimated: number;
}

/** A match that counts for one group of a correlation. */
export interface Match<R extends CorrelationInput> extends Hit {
  readonly group: string;
  /** The record it comes from: gives what people see. */
  readonly record: R;
}

/** A moment at which a correlation fired: counts for correlations built on it. */
export interface Fire {
  readonly timeUs: number;
  /** Id of the episode. */
  readonly id: string;
  /** Another episode that turned out to be this one: what fired under its id did so under this. */
  readonly replaces?: string;
}

/** What one correlation remembers. Plain data goes out of `snapshot` and into the constructor of the next one. */
export interface CorrelationState<R extends CorrelationInput> {
  push(match: Match<R>, out: Finding[]): readonly Fire[];
  /** Has what it counts under one id counted under another; what comes to be the same then counts once. */
  rename?(from: string, into: string): void;
  /** Nothing older than `watermarkUs` is expected any more. */
  advance(watermarkUs: number, out: Finding[]): void;
  /** Final revisions of everything that changed since it was last reported. */
  close(out: Finding[]): void;
  /** Who is behind the event of a match, where the correlation knows such things. */
  originOf?(match: Pick<Match<R>, 'value' | 'timeUs'>): Origin | undefined;
  snapshot(): unknown;
  readonly groupCount: number;
}

/** A finding of an episode. */
export function episodeFinding(
  { rule }: LoadedCorrelation,
  view: EpisodeView,
  revision: number,
  time: string,
  episode: Omit<Episode, 'group'>,
): Finding {
  const { cluster, event, group, origin } = view;
  const behind = origin && { origin };
  return {
    id: episode.id,
    revision,
    rule: rule.info,
    time,
    cluster,
    event,
    evidence: {},
    ...behind,
    episode: { ...episode, group },
  };
}
