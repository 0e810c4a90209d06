import type { Severity } from './finding.ts';

/** What people say about a finding. */
export const reviewActions = ['acknowledge', 'close', 'reopen'] as const;
export type ReviewAction = (typeof reviewActions)[number];

/** What a finding's last review made of it. */
export type ReviewState = 'open' | 'acknowledged' | 'closed';

/**
 * A review, as it stands in the findings log: a note of kind `review`. `text` was masked before it was written: people
 * paste secrets into notes.
 */
export interface Review {
  readonly note: 'review';
  readonly at: string;
  readonly by: { readonly name: string | undefined; readonly uid?: number | undefined };
  readonly action: ReviewAction;
  /** Id of the finding. */
  readonly finding: string;
  readonly text?: string;
}

/**
 * A silence, as it stands in the findings log: a note of kind `silence`. Findings that match it are kept and shown as silenced;
 * notification sinks do not get them. One with `until` in the past ends an earlier one of the same id.
 */
export interface Silence {
  readonly note: 'silence';
  readonly at: string;
  readonly by: { readonly name: string | undefined; readonly uid?: number | undefined };
  readonly id: string;
  readonly match: SilenceMatch;
  /** RFC 3339. */
  readonly until: string;
  readonly text?: string;
}

/** All that is given must hold; at least one member is. Masked values. */
export interface SilenceMatch {
  readonly rule?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly severity?: Severity;
}
