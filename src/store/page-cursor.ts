import type { EventFilter } from '../core/event-store.ts';
import { Fault } from '../core/faults.ts';

/** A place in the order of answers: newest first, and by digest where times are equal. */
export interface PagePlace {
  /** Microseconds since the epoch. */
  readonly timeUs: number;
  readonly digest: string;
}

/** Negative where `a` comes first. */
export const comparePlaces = (a: PagePlace, b: PagePlace): number =>
  b.timeUs - a.timeUs || (a.digest < b.digest ? 1 : a.digest > b.digest ? -1 : 0);

export const formatCursor = ({ timeUs, digest }: PagePlace): string => `${Math.floor(timeUs)}-${digest}`;

const form = /^(\d{1,16})-([0-9a-f]{32})$/;

/** @throws Fault E_STORE_CURSOR */
export function parseCursor(text: string): PagePlace {
  const [, timeUs, digest] = form.exec(text) ?? [];
  if (timeUs !== undefined && digest !== undefined) return { timeUs: Number(timeUs), digest };
  throw new Fault('that is no place to continue from', {
    code: 'E_STORE_CURSOR',
    remedy: 'Give `next` of the page before, as it was.',
  });
}

/** Nothing newer than the place is looked at. */
export function upTo(filter: EventFilter, { timeUs }: PagePlace): EventFilter {
  const untilMs = Math.min(filter.range.untilMs, Math.floor(timeUs / 1000) + 1);
  return { ...filter, range: { ...filter.range, untilMs } };
}
