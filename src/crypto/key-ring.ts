import { parse } from 'yaml';
import { z } from 'zod';
import { Fault } from '../core/faults.ts';
import { Secret } from '../core/secret.ts';
import { hkdfSha256 } from './hkdf.ts';

const base64 = /^[A-Za-z0-9+/]{43}=$/;

const keyFileShape = z.strictObject({
  version: z.literal(1),
  clusterGroup: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/),
  keys: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9]{1,16}$/),
        created: z.string().min(1),
        key: z.string(),
        status: z.enum(['active', 'retired']),
      }),
    )
    .min(1),
});

/** A key without its bytes: what `keys list` shows. */
export interface KeyInfo {
  /** Stands in every pseudonym, for example `k1`. */
  readonly id: string;
  /** RFC 3339. */
  readonly created: string;
  readonly status: 'active' | 'retired';
}

interface KeyEntry extends KeyInfo {
  readonly key: Secret;
}

/**
 * The keys of a cluster group. All keys in use are derived from the active one (HKDF-SHA-256, RFC 5869), so one
 * purpose's key says nothing about another's: `mask:<kind>` for tokens, `address`, `digest`, `state`.
 */
export class KeyRing {
  readonly clusterGroup: string;
  readonly #keys: readonly KeyEntry[];
  readonly #active: KeyEntry;

  constructor(clusterGroup: string, keys: readonly KeyEntry[]) {
    const active = keys.filter((key) => key.status === 'active');
    if (active.length !== 1) {
      throw new Fault(`a key file has exactly one active key, this one has ${active.length}`, {
        code: 'E_KEY_ACTIVE',
        remedy: 'Set `status: active` on one key and `status: retired` on the others.',
      });
    }
    this.clusterGroup = clusterGroup;
    this.#keys = keys;
    this.#active = active[0]!;
  }

  /** Id of the key that new pseudonyms are made with. */
  get keyId(): string {
    return this.#active.id;
  }

  /** A key of its own for one purpose. The same for every process that has the same key file. */
  derive(purpose: string, bytes = 32): Secret {
    return hkdfSha256(this.#active.key, `auditveil/1/${this.clusterGroup}`, purpose, bytes);
  }

  list(): readonly KeyInfo[] {
    return this.#keys.map(({ id, created, status }) => ({ id, created, status }));
  }
}

/**
 * Reads a key file (YAML or JSON). The fault never quotes the file.
 * @throws Fault E_KEY_FILE, E_KEY_SHORT, E_KEY_ACTIVE
 */
export function parseKeyFile(text: string, file: string): KeyRing {
  const remedy = 'Create a new one with `auditveil keys init`, or restore the file from a backup.';
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    throw new Fault(`${file} is not YAML or JSON`, { code: 'E_KEY_FILE', remedy });
  }
  const shape = keyFileShape.safeParse(value);
  if (!shape.success) {
    const where = shape.error.issues[0]?.path.join('.') || 'the file';
    throw new Fault(`${file} is not a key file: ${where} is missing, unknown or malformed`, { code: 'E_KEY_FILE', remedy });
  }
  const seen = new Set<string>();
  const keys = shape.data.keys.map((entry) => {
    if (!base64.test(entry.key)) {
      throw new Fault(`${file}: key ${entry.id} is not 32 bytes in base64`, { code: 'E_KEY_SHORT', remedy });
    }
    if (seen.has(entry.id)) throw new Fault(`${file}: two keys are called ${entry.id}`, { code: 'E_KEY_FILE', remedy });
    seen.add(entry.id);
    return { ...entry, key: new Secret(Buffer.from(entry.key, 'base64')) };
  });
  return new KeyRing(shape.data.clusterGroup, keys);
}

/** The text of a new key file with one active key. @param key 32 random bytes @param created RFC 3339 */
export function formatKeyFile(key: Uint8Array, created: string, clusterGroup: string): string {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes');
  const entry = { id: 'k1', created, key: Buffer.from(key).toString('base64'), status: 'active' };
  return `${JSON.stringify({ version: 1, clusterGroup, keys: [entry] }, null, 2)}\n`;
}
