import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { Secret } from '../core/secret.ts';
import type { KeyEpoch, KeyInfo } from './key-epoch.ts';
import { fingerprintOf, KeyRing } from './key-ring.ts';

/** Milliseconds since the epoch of Unix as RFC 3339 in UTC. */
const timeOf = (timeMs: number): string => new Date(timeMs).toISOString();

export interface Rotation {
  /** 32 random bytes. */
  readonly key: Uint8Array;
  readonly nowMs: number;
  /** When the new epoch begins; now or later, so that every agent can have the file by then. */
  readonly fromMs: number;
  /** How long after that the epoch before it is kept at least. */
  readonly overlapMs: number;
}

/**
 * The ring with one more epoch.
 * @throws Fault E_KEY_PENDING where one is waiting already, E_USAGE_TIME for a beginning in the past, E_KEY_LIMIT
 */
export function rotated(ring: KeyRing, { key, nowMs, fromMs, overlapMs }: Rotation): KeyRing {
  if (fromMs < nowMs) {
    throw new Fault('an epoch cannot begin in the past: pseudonyms were made with another key then', {
      code: 'E_USAGE_TIME',
      remedy: 'Name a time to come, long enough for the file to reach every agent.',
    });
  }
  const pending = ring.list(nowMs).find((epoch) => epoch.status === 'pending');
  if (pending) {
    throw new Fault(`epoch ${pending.id} has not begun yet: it begins at ${pending.from}`, {
      code: 'E_KEY_PENDING',
      remedy: 'Wait for it: two changes at once would leave agents on different epochs.',
    });
  }
  if (ring.epochs.length >= limits.keyEpochs) {
    throw new Fault(`the key file holds ${limits.keyEpochs} epochs, more it cannot`, {
      code: 'E_KEY_LIMIT',
      remedy: 'Make a new key file with `auditveil keys init` and keep this one for looking up.',
    });
  }
  const secret = new Secret(key);
  const next: KeyEpoch = {
    id: nextId(ring.epochs),
    created: timeOf(nowMs),
    from: timeOf(Math.max(fromMs, Date.parse(ring.epochs.at(-1)?.from ?? '') + 1 || 0)),
    key: secret,
    fingerprint: fingerprintOf(secret, ring.clusterGroup),
    holds: [],
  };
  const until = timeOf(Date.parse(next.from) + overlapMs);
  const before = ring.epochs.map((epoch, i) => (i === ring.epochs.length - 1 ? { ...epoch, overlapUntil: until } : epoch));
  return new KeyRing(ring.clusterGroup, [...before, next], ring.lasting);
}

/** One more than the highest number given so far: an id says which key, so none is given twice. */
function nextId(epochs: readonly KeyEpoch[]): string {
  const numbers = epochs.map(({ id }) => Number(/^k(\d{1,15})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/** The ring without the key of one epoch. Its times, fingerprint and id stay. @throws what `refuseToDestroy` throws */
export function withoutEpoch(ring: KeyRing, id: string, nowMs: number): KeyRing {
  refuseToDestroy(ring, id, nowMs);
  const epochs = ring.epochs.map((epoch): KeyEpoch => {
    if (epoch.id !== id) return epoch;
    const { key: _, ...rest } = epoch;
    return { ...rest, destroyed: timeOf(nowMs) };
  });
  return new KeyRing(ring.clusterGroup, epochs, ring.lasting);
}

/** @throws Fault E_USAGE_EPOCH, E_KEY_DESTROYED, E_KEY_IN_USE, E_KEY_OVERLAP, E_KEY_HELD */
export function refuseToDestroy(ring: KeyRing, id: string, nowMs: number): void {
  ring.of(id);
  const { status, overlapUntil, holds, from } = ring.list(nowMs).find((epoch) => epoch.id === id) as KeyInfo;
  if (status === 'active' || status === 'pending') {
    throw new Fault(`epoch ${id} is ${status === 'active' ? 'in use' : `to begin at ${from}`}`, {
      code: 'E_KEY_IN_USE',
      remedy: 'Let another epoch take over with `auditveil keys rotate` first.',
    });
  }
  if (status === 'overlap') {
    throw new Fault(`epoch ${id} overlaps the one after it until ${overlapUntil ?? 'later'}`, {
      code: 'E_KEY_OVERLAP',
      remedy: 'Wait until then: its pseudonyms were promised to be searchable that long.',
    });
  }
  if (holds.length > 0) {
    throw new Fault(`epoch ${id} is held: ${holds.map((hold) => `${hold.name} (since ${hold.since})`).join(', ')}`, {
      code: 'E_KEY_HELD',
      remedy: `Where a hold is over, end it with \`auditveil keys release ${id} NAME\`.`,
    });
  }
}

/** The ring with a hold on an epoch, or without it. @throws Fault E_USAGE_EPOCH, E_KEY_DESTROYED, E_USAGE_HOLD */
export function withHold(ring: KeyRing, id: string, name: string, since: string | undefined): KeyRing {
  ring.of(id);
  const epoch = ring.epochs.find((one) => one.id === id) as KeyEpoch;
  const isHeld = epoch.holds.some((hold) => hold.name === name);
  if (isHeld === (since !== undefined)) {
    throw new Fault(`epoch ${id} ${isHeld ? 'has' : 'has no'} hold \`${name}\``, {
      code: 'E_USAGE_HOLD',
      remedy: 'See `auditveil keys list`.',
    });
  }
  const others = epoch.holds.filter((hold) => hold.name !== name);
  const holds = since === undefined ? others : [...others, { name, since }];
  return new KeyRing(
    ring.clusterGroup,
    ring.epochs.map((one) => (one === epoch ? { ...one, holds } : one)),
    ring.lasting,
  );
}
