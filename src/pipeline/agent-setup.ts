import type { Config } from '../config/schema.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { KeyFile } from './key-watch.ts';
import type { OpenedEngine } from './open-engine.ts';

/** Everything that is read from files before an agent runs. */
export interface AgentSetup {
  readonly config: Config;
  readonly keyRing: KeyRing;
  readonly keyFile: KeyFile;
  readonly engine: OpenedEngine;
  /** The files that make it, keys and certificates excepted; their state before they were read; a digest of their contents. */
  readonly files: readonly string[];
  readonly state: string;
  readonly contents: string;
}

/** What a reload changed, for the findings log: names and numbers, never values. */
export interface SetupDifference {
  /** Options of the configuration, by path. */
  readonly options: readonly string[];
  readonly policy?: { readonly before: string; readonly now: string };
  readonly maskRules: { readonly before: number; readonly now: number };
  readonly rulesAdded: readonly string[];
  readonly rulesRemoved: readonly string[];
}

const namedAtMost = 100;

export function setupDifference(before: AgentSetup, now: AgentSetup): SetupDifference {
  const ids = ({ engine }: AgentSetup): ReadonlySet<string> => new Set(engine.rules.infos.map(({ id }) => id));
  const [old, fresh] = [ids(before), ids(now)];
  const policyOf = ({ engine: { policy } }: AgentSetup): string => `${policy.id} ${policy.version} ${policy.digest.slice(0, 12)}`;
  return {
    options: differences(before.config, now.config, '').slice(0, namedAtMost),
    ...(before.engine.policy.digest === now.engine.policy.digest
      ? {}
      : { policy: { before: policyOf(before), now: policyOf(now) } }),
    maskRules: { before: before.engine.plan.maskRules.length, now: now.engine.plan.maskRules.length },
    rulesAdded: [...fresh].filter((id) => !old.has(id)).slice(0, namedAtMost),
    rulesRemoved: [...old].filter((id) => !fresh.has(id)).slice(0, namedAtMost),
  };
}

/** Paths at which two values differ, as deep as both are objects. */
function differences(a: unknown, b: unknown, path: string): readonly string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isObject(a) || !isObject(b)) return [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
