import { createRequire } from 'node:module';
import { Fault } from '../core/faults.ts';
import { Secret } from '../core/secret.ts';
import { hkdfSha256 } from './hkdf.ts';

const base64 = /^[A-Za-z0-9+/]{43}=$/;

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
  const refuse = (where: string): never => {
    throw new Fault(`${file} is not a key file: ${where} is missing, unknown or malformed`, { code: 'E_KEY_FILE', remedy });
  };
  const value = readValue(text);
  if (value === undefined) throw new Fault(`${file} is not YAML or JSON`, { code: 'E_KEY_FILE', remedy });
  const top = membersOf(value, topChecks, '', refuse);
  const seen = new Set<string>();
  const keys = (top['keys'] as readonly unknown[]).map((one, i) => {
    const entry = membersOf(one, entryChecks, `keys.${i}`, refuse) as Readonly<Record<keyof typeof entryChecks, string>>;
    if (!base64.test(entry.key)) {
      throw new Fault(`${file}: key ${entry.id} is not 32 bytes in base64`, { code: 'E_KEY_SHORT', remedy });
    }
    if (seen.has(entry.id)) throw new Fault(`${file}: two keys are called ${entry.id}`, { code: 'E_KEY_FILE', remedy });
    seen.add(entry.id);
    const { id, created } = entry;
    const status = entry.status === 'active' ? ('active' as const) : ('retired' as const);
    return { id, created, status, key: new Secret(Buffer.from(entry.key, 'base64')) };
  });
  return new KeyRing(top['clusterGroup'] as string, keys);
}

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
const matching =
  (expression: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && expression.test(value);

// By hand, because every command reads a key first: a schema library costs more time than all the rest of that.
const topChecks: Checks = {
  version: (value) => value === 1,
  clusterGroup: matching(/^[a-z0-9][a-z0-9.-]{0,62}$/),
  keys: (value) => Array.isArray(value) && value.length > 0,
};
const entryChecks = {
  id: matching(/^[a-z0-9]{1,16}$/),
  created: matching(/./s),
  key: (value: unknown) => typeof value === 'string',
  status: matching(/^(?:active|retired)$/),
} satisfies Checks;

/** Exactly the members that have checks, all of which pass; otherwise `refuse` is told where. */
function membersOf(
  value: unknown,
  checks: Checks,
  at: string,
  refuse: (where: string) => never,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(at || 'the file');
  const members = value as Readonly<Record<string, unknown>>;
  for (const [name, passes] of Object.entries(checks))
    if (!Object.hasOwn(members, name) || !passes(members[name])) refuse(at === '' ? name : `${at}.${name}`);
  if (Object.keys(members).some((name) => !Object.hasOwn(checks, name))) refuse(at || 'the file');
  return members;
}

/** JSON first: `keys init` writes it, and YAML has to be loaded. Undefined where it is neither. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      const { parse } = createRequire(import.meta.url)('yaml') as { parse(text: string): unknown };
      return parse(text);
    } catch {
      return undefined;
    }
  }
}

/** The text of a new key file with one active key. @param key 32 random bytes @param created RFC 3339 */
export function formatKeyFile(key: Uint8Array, created: string, clusterGroup: string): string {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes');
  const entry = { id: 'k1', created, key: Buffer.from(key).toString('base64'), status: 'active' };
  return `${JSON.stringify({ version: 1, clusterGroup, keys: [entry] }, null, 2)}\n`;
}
