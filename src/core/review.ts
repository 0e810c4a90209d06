import type { Severity } from './finding.ts';

/** What people say about a finding. */
export const reviewActions = ['acknowledge', 'close', 'reopen'] as const;
export type ReviewAction = (typeof reviewActions)[number];

/** What a finding's last review made of it. */
export const reviewStates = ['open', 'acknowledged', 'closed'] as const;
export type ReviewState = (typeof reviewStates)[number];

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

/** What somebody wrote: a text, or the user or the name of an object as events have them. Each is masked as it would be there. */
export type WrittenAs = 'note' | 'user' | 'name';
/** Absent: a note. */
export type TextMasker = (text: string, as?: WrittenAs) => Promise<string>;

/** Anybody who may write to the data folder can leave a note: only what has the shape of a review is one. */
export function isReview(note: unknown): note is Review {
  const { note: kind, action, finding } = membersOf(note);
  return kind === 'review' && isSaid(note) && typeof finding === 'string' && reviewActions.includes(action as ReviewAction);
}

/** The same for a silence. */
export function isSilence(note: unknown): note is Silence {
  const { note: kind, id, match, until } = membersOf(note);
  return (
    kind === 'silence' &&
    isSaid(note) &&
    typeof id === 'string' &&
    typeof match === 'object' &&
    match !== null &&
    Object.values(match).every((value) => typeof value === 'string') &&
    isTime(until)
  );
}

/** Who said it, when, and what they wrote. */
function isSaid(note: unknown): boolean {
  const { at, by, text } = membersOf(note);
  const { name } = membersOf(by);
  return typeof by === 'object' && by !== null && isText(name) && isTime(at) && isText(text);
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const membersOf = (value: unknown): Readonly<Record<string, unknown>> => (value ?? {}) as Readonly<Record<string, unknown>>;
