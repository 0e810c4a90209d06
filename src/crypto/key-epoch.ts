import type { Secret } from '../core/secret.ts';

/**
 * Where an epoch stands at a moment. `pending`: begins later. `active`: new pseudonyms are made with it. `overlap`: another
 * one has taken over, and its end has been promised for later. `retired`: may be destroyed. `destroyed`: the key is gone.
 */
export type EpochStatus = 'pending' | 'active' | 'overlap' | 'retired' | 'destroyed';

/** A reason, named by people, why an epoch's key must stay: a case, a legal hold. */
export interface KeyHold {
  readonly name: string;
  /** RFC 3339. */
  readonly since: string;
}

/** A key and the time from which pseudonyms are made with it. Times are RFC 3339 in UTC. */
export interface KeyEpoch {
  /** Stands in every pseudonym, for example `k1`. Never given twice. */
  readonly id: string;
  readonly created: string;
  readonly from: string;
  /** Absent once destroyed. */
  readonly key?: Secret;
  /** Its key stays at least until then. */
  readonly overlapUntil?: string;
  readonly destroyed?: string;
  /** 16 hex digits that only this key gives: tells whether two files hold the same key, and says nothing about it. */
  readonly fingerprint: string;
  readonly holds: readonly KeyHold[];
}

/** An epoch without its key: what `keys list` shows. */
export interface KeyInfo extends Omit<KeyEpoch, 'key'> {
  readonly status: EpochStatus;
}

/** The epoch in force: the last one that has begun; before the first one, the first. */
export function epochAt(epochs: readonly KeyEpoch[], timeMs: number): KeyEpoch | undefined {
  const usable = epochs.filter((epoch) => epoch.key !== undefined);
  return usable.findLast((epoch) => Date.parse(epoch.from) <= timeMs) ?? usable[0];
}

/** @param active what `epochAt` gives for this time */
export function statusOf(epoch: KeyEpoch, active: KeyEpoch | undefined, timeMs: number): EpochStatus {
  if (epoch.key === undefined) return 'destroyed';
  if (epoch === active) return 'active';
  if (Date.parse(epoch.from) > timeMs) return 'pending';
  return epoch.overlapUntil !== undefined && Date.parse(epoch.overlapUntil) > timeMs ? 'overlap' : 'retired';
}
