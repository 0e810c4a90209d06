import type { Finding } from '../../core/finding.ts';
import type { Review, ReviewAction, Silence, SilenceMatch } from '../../core/review.ts';
import type { FindingDetail, FindingItem } from '../../web/api.ts';
import type { TailStatus } from './status-text.ts';

/** What a feed tells. */
export type FeedEvent =
  /** `isNew`: a finding or a revision of it that was not told before; else only what people said of it is new. */
  | { readonly type: 'finding'; readonly item: FindingItem; readonly isNew: boolean }
  | { readonly type: 'review'; readonly review: Review }
  | { readonly type: 'silence'; readonly silence: Silence }
  /** Everything that was there has come. */
  | { readonly type: 'current' }
  | { readonly type: 'status'; readonly status: TailStatus }
  /** Something a person should know, for example that a connection broke. */
  | { readonly type: 'said'; readonly text: string };

/** Where findings come from: a data folder, or a server. */
export interface Feed {
  /** For people. */
  readonly title: string;
  /** Why nothing can be reviewed from here; absent where it can. */
  readonly readOnly?: string | undefined;
  /** Ends when `stop` aborts, and without `follow` once everything that was there has come. */
  read(stop: AbortSignal, follow: boolean): AsyncIterable<readonly FeedEvent[]>;
  /** Tells how the agent is until `stop` aborts, where that does not come with what is read. */
  watch?(stop: AbortSignal, tell: (status: TailStatus) => void): Promise<void>;
  /** @throws Fault */
  detail(finding: Finding, stop: AbortSignal): Promise<FindingDetail>;
  /** @returns what to tell the person. @throws Fault */
  review(finding: string, action: ReviewAction, text: string): Promise<string>;
  /** @returns what to tell the person. @throws Fault */
  silence(match: SilenceMatch, durationMs: number, text: string): Promise<string>;
  close(): Promise<void>;
}
