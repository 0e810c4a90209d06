import { Fault } from '../core/faults.ts';
import { Secret } from '../core/secret.ts';
import { hkdfSha256 } from './hkdf.ts';
import { epochAt, type KeyEpoch, type KeyInfo, statusOf } from './key-epoch.ts';
import { keyText, lastingPurposes, readKeyFile, type WrittenKey, type WrittenKeyFile } from './key-file-shape.ts';

const saltOf = (clusterGroup: string): string => `auditveil/1/${clusterGroup}`;

/**
 * The keys of a cluster group. Keys for pseudonyms (`mask:<kind>`, `address`) are derived from the key of an epoch
 * (HKDF-SHA-256, RFC 5869), so one purpose's key says nothing about another's. Keys for `digest`, `state` and `finding` stay
 * the same across epochs: repeats must be recognised and windows go on when an epoch ends. They come from no epoch's key.
 */
export class KeyRing {
  readonly clusterGroup: string;
  readonly epochs: readonly KeyEpoch[];
  /** By purpose, 32 bytes each. */
  readonly lasting: ReadonlyMap<string, Secret>;
  readonly #current: KeyEpoch;

  /** @throws Fault E_KEY_ACTIVE where no epoch has a key */
  constructor(clusterGroup: string, epochs: readonly KeyEpoch[], lasting: ReadonlyMap<string, Secret>, current?: KeyEpoch) {
    const chosen = current ?? epochAt(epochs, Number.POSITIVE_INFINITY);
    if (chosen?.key === undefined) {
      throw new Fault('a key file has a key to make pseudonyms with, this one has none', {
        code: 'E_KEY_ACTIVE',
        remedy: 'Create a new one with `auditveil keys init`, or restore the file from a backup.',
      });
    }
    this.clusterGroup = clusterGroup;
    this.epochs = epochs;
    this.lasting = lasting;
    this.#current = chosen;
  }

  /** Id of the epoch that this ring makes pseudonyms with: the newest, unless `at` or `of` chose another. */
  get keyId(): string {
    return this.#current.id;
  }

  /** A key of its own for one purpose. The same for every process that has the same key file. */
  derive(purpose: string, bytes = 32): Secret {
    const lasting = this.lasting.get(purpose);
    if (lasting !== undefined) return new Secret(lasting.reveal().slice(0, bytes));
    return hkdfSha256(this.#current.key as Secret, saltOf(this.clusterGroup), purpose, bytes);
  }

  /** A key of its own for one purpose that outlives epochs, as what is kept on disk needs one. */
  deriveLasting(purpose: string): Secret {
    return hkdfSha256(this.derive('state'), saltOf(this.clusterGroup), purpose, 32);
  }

  /** The same keys, with the epoch that is in force at a time. */
  at(timeMs: number): KeyRing {
    return new KeyRing(this.clusterGroup, this.epochs, this.lasting, epochAt(this.epochs, timeMs));
  }

  /** The same keys, with this epoch. @throws Fault E_USAGE_EPOCH, E_KEY_DESTROYED */
  of(id: string): KeyRing {
    const epoch = this.epochs.find((one) => one.id === id);
    if (epoch === undefined) {
      throw new Fault(`there is no epoch \`${id}\``, {
        code: 'E_USAGE_EPOCH',
        remedy: `There are ${this.epochs.map((one) => one.id).join(', ')}.`,
      });
    }
    if (epoch.key === undefined) {
      throw new Fault(`the key of epoch ${id} was destroyed on ${epoch.destroyed ?? 'an unknown day'}`, {
        code: 'E_KEY_DESTROYED',
        remedy: 'Its pseudonyms cannot be computed from this file any more; that is what destroying is for.',
      });
    }
    return new KeyRing(this.clusterGroup, this.epochs, this.lasting, epoch);
  }

  /** When the next epoch begins after a time; undefined where none does. Milliseconds since the epoch of Unix. */
  nextChangeMs(timeMs: number): number | undefined {
    const later = this.epochs.filter((epoch) => epoch.key !== undefined).map((epoch) => Date.parse(epoch.from));
    return later.filter((from) => from > timeMs).sort((a, b) => a - b)[0];
  }

  list(timeMs: number): readonly KeyInfo[] {
    const active = epochAt(this.epochs, timeMs);
    return this.epochs.map((epoch) => {
      const { key: _, ...shown } = epoch;
      return { ...shown, status: statusOf(epoch, active, timeMs) };
    });
  }

  /** Whether another ring is a later state of this one: the same group, the same lasting keys. */
  isContinuedBy(other: KeyRing): boolean {
    return (
      this.clusterGroup === other.clusterGroup &&
      lastingPurposes.every((purpose) => {
        const [mine, others] = [this.derive(purpose).reveal(), other.derive(purpose).reveal()];
        return mine.every((byte, i) => byte === others[i]);
      })
    );
  }
}

/** 16 hex digits by which a key can be told from others. */
export function fingerprintOf(key: Secret, clusterGroup: string): string {
  return Buffer.from(hkdfSha256(key, saltOf(clusterGroup), 'fingerprint', 8).reveal()).toString('hex');
}

/**
 * Reads a key file (YAML or JSON). The fault never quotes the file.
 * @throws Fault E_KEY_FILE, E_KEY_SHORT, E_KEY_ACTIVE
 */
export function parseKeyFile(text: string, file: string): KeyRing {
  const remedy = 'Create a new one with `auditveil keys init`, or restore the file from a backup.';
  const refuse = (what: string, code = 'E_KEY_FILE'): never => {
    throw new Fault(`${file}${what}`, { code, remedy });
  };
  const written = readKeyFile(text, (where) => refuse(` is not a key file: ${where} is missing, unknown or malformed`));
  if (!written) return refuse(' is not YAML or JSON');
  const bytesOf = (key: string, name: string): Secret =>
    keyText.test(key) ? new Secret(Buffer.from(key, 'base64')) : refuse(`: key ${name} is not 32 bytes in base64`, 'E_KEY_SHORT');
  const seen = new Set<string>();
  const epochs = inOrder(written).map((one): KeyEpoch => {
    if (seen.has(one.id)) refuse(`: two keys are called ${one.id}`);
    seen.add(one.id);
    const { status: _, key, fingerprint, from, holds = [], ...rest } = one;
    const secret = key === undefined ? undefined : bytesOf(key, one.id);
    return {
      ...rest,
      from: from ?? (Number.isNaN(Date.parse(one.created)) ? '1970-01-01T00:00:00Z' : one.created),
      fingerprint: secret ? fingerprintOf(secret, written.clusterGroup) : (fingerprint ?? ''),
      holds,
      ...(secret && { key: secret }),
    };
  });
  if (written.version === 2 && epochs.some((epoch, i) => Date.parse(epoch.from) <= Date.parse(epochs[i - 1]?.from ?? '')))
    refuse(': an epoch begins before the one in front of it');
  if (new Set(epochs.flatMap((epoch) => (epoch.key ? epoch.fingerprint : []))).size < epochs.filter((epoch) => epoch.key).length)
    refuse(': two epochs have the same key');
  const lasting = Object.entries(written.lasting ?? {}).map(([name, key]) => [name, bytesOf(key, name)] as const);
  return new KeyRing(written.clusterGroup, epochs, lasting.length === 0 ? firstLasting(written, epochs) : new Map(lasting));
}

/** In version 1 one key was active, wherever it stood; the newest stands last. */
function inOrder({ version, keys }: WrittenKeyFile): readonly WrittenKey[] {
  if (version === 2) return keys;
  const active = keys.filter((key) => key.status === 'active');
  if (active.length !== 1) {
    throw new Fault(`a key file has exactly one active key, this one has ${active.length}`, {
      code: 'E_KEY_ACTIVE',
      remedy: 'Set `status: active` on one key and `status: retired` on the others.',
    });
  }
  return [...keys.filter((key) => key.status === 'retired'), ...active];
}

/** Version 1 derived all keys from the active one. A derived key does not lead back to it, so it may outlive it. */
function firstLasting({ clusterGroup }: WrittenKeyFile, epochs: readonly KeyEpoch[]): ReadonlyMap<string, Secret> {
  return lastingOf(epochs.at(-1)?.key as Secret, clusterGroup);
}

function lastingOf(key: Secret, clusterGroup: string): ReadonlyMap<string, Secret> {
  return new Map(lastingPurposes.map((purpose) => [purpose, hkdfSha256(key, saltOf(clusterGroup), purpose, 32)]));
}

/** The text of a key file. */
export function formatKeyRing({ clusterGroup, epochs, lasting }: KeyRing): string {
  const base64 = (key: Secret): string => Buffer.from(key.reveal()).toString('base64');
  const keys = epochs.map(({ key, fingerprint, holds, ...rest }) => ({
    ...rest,
    ...(key ? { key: base64(key) } : { fingerprint }),
    ...(holds.length > 0 && { holds }),
  }));
  const kept = Object.fromEntries([...lasting].map(([purpose, key]) => [purpose, base64(key)]));
  return `${JSON.stringify({ version: 2, clusterGroup, lasting: kept, keys }, null, 2)}\n`;
}

/** The text of a new key file with one epoch. @param key 32 random bytes @param created RFC 3339 */
export function formatKeyFile(key: Uint8Array, created: string, clusterGroup: string): string {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes');
  const secret = new Secret(key);
  const epoch = { id: 'k1', created, from: created, key: secret, fingerprint: fingerprintOf(secret, clusterGroup), holds: [] };
  return formatKeyRing(new KeyRing(clusterGroup, [epoch], lastingOf(secret, clusterGroup)));
}
