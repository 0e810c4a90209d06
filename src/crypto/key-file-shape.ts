import { createRequire } from 'node:module';

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
type Members = Readonly<Record<string, unknown>>;
/** Told where a file is not as it should be; never returns. */
export type Refuse = (where: string) => never;

/** 32 bytes in base64. */
export const keyText = /^[A-Za-z0-9+/]{43}=$/;
const timeText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;
export const holdName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** Purposes whose keys outlive epochs (key-ring.ts). */
export const lastingPurposes = ['digest', 'state', 'finding'] as const;

const isText = (value: unknown): boolean => typeof value === 'string';
const matching =
  (expression: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && expression.test(value);
const isTime = (value: unknown): boolean => matching(timeText)(value) && !Number.isNaN(Date.parse(value as string));

// By hand, because every command reads a key first: a schema library costs more time than all the rest of that.
const group = matching(/^[a-z0-9][a-z0-9.-]{0,62}$/);
const id = matching(/^[a-z0-9]{1,16}$/);
const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const firstVersion = {
  file: { version: (value) => value === 1, clusterGroup: group, keys: isList },
  key: { id, created: matching(/./s), key: isText, status: matching(/^(?:active|retired)$/) },
} satisfies Readonly<Record<string, Checks>>;
const secondVersion = {
  file: { version: (value) => value === 2, clusterGroup: group, lasting: (value) => isObject(value), keys: isList },
  lasting: Object.fromEntries(lastingPurposes.map((purpose) => [purpose, isText])),
  key: { id, created: isTime, from: isTime },
  optional: {
    key: isText,
    overlapUntil: isTime,
    destroyed: isTime,
    fingerprint: matching(/^[0-9a-f]{16}$/),
    holds: (value) => Array.isArray(value),
  },
  hold: { name: matching(holdName), since: isTime },
} satisfies Readonly<Record<string, Checks>>;

/** A key as it stands in a file of either version; texts have been checked, key bytes not yet. */
export interface WrittenKey {
  readonly id: string;
  readonly created: string;
  readonly key?: string;
  readonly status?: 'active' | 'retired';
  readonly from?: string;
  readonly overlapUntil?: string;
  readonly destroyed?: string;
  readonly fingerprint?: string;
  readonly holds?: readonly { readonly name: string; readonly since: string }[];
}

export interface WrittenKeyFile {
  readonly version: 1 | 2;
  readonly clusterGroup: string;
  readonly keys: readonly WrittenKey[];
  /** By purpose; version 2 only. */
  readonly lasting?: Readonly<Record<string, string>>;
}

/** Checks a key file's members, both versions. `text` is JSON, or YAML; undefined where it is neither. */
export function readKeyFile(text: string, refuse: Refuse): WrittenKeyFile | undefined {
  const value = readValue(text);
  if (value === undefined) return undefined;
  if (!isObject(value) || value['version'] !== 2) {
    const top = membersOf(value, firstVersion.file, {}, '', refuse);
    for (const [i, one] of (top['keys'] as unknown[]).entries()) membersOf(one, firstVersion.key, {}, `keys.${i}`, refuse);
    return top as unknown as WrittenKeyFile;
  }
  const top = membersOf(value, secondVersion.file, {}, '', refuse);
  membersOf(top['lasting'], secondVersion.lasting, {}, 'lasting', refuse);
  for (const [i, one] of (top['keys'] as unknown[]).entries()) {
    const key = membersOf(one, secondVersion.key, secondVersion.optional, `keys.${i}`, refuse);
    const destroyed = key['destroyed'] !== undefined && key['fingerprint'] !== undefined;
    if ((key['key'] === undefined) !== destroyed) refuse(`keys.${i}.key`);
    for (const [k, hold] of ((key['holds'] ?? []) as unknown[]).entries())
      membersOf(hold, secondVersion.hold, {}, `keys.${i}.holds.${k}`, refuse);
  }
  return top as unknown as WrittenKeyFile;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Exactly the members that have checks, all of which pass; otherwise `refuse` is told where. */
function membersOf(value: unknown, checks: Checks, optional: Checks, at: string, refuse: Refuse): Members {
  if (!isObject(value)) return refuse(at || 'the file');
  const place = (name: string): string => (at === '' ? name : `${at}.${name}`);
  for (const [name, passes] of Object.entries(checks))
    if (!Object.hasOwn(value, name) || !passes(value[name])) refuse(place(name));
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(checks, name)) continue;
    if (!Object.hasOwn(optional, name)) refuse(at || 'the file');
    if (!optional[name]?.(value[name])) refuse(place(name));
  }
  return value;
}

/** JSON first: `keys init` writes it, and YAML has to be loaded. */
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
