import { didYouMean } from '../core/closest-word.ts';
import { Fault, Faults, type Location } from '../core/faults.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { MaskRule, Pack } from './pack.ts';
import type { YamlPath } from './pack-source.ts';
import type { PolicyFile } from './policy-file.ts';
import { changedRule, pathPack } from './policy-rules.ts';
import { strictPack } from './strict-pack.ts';

export const policyIds = ['secrets-only', 'standard', 'strict'] as const;
export type PolicyId = (typeof policyIds)[number];
export type { PolicyFile };

export interface PolicyOptions {
  /** A built-in policy, or one of the user's own. */
  readonly policy: PolicyId | PolicyFile;
  /** Kinds that are off by default; `all` for every one. */
  readonly enable: readonly string[];
  /** User names that stay; a `*` at the end matches any rest. */
  readonly keepUsers: readonly string[];
}

/** What is in force: the packs with only the rules that apply, and a name for exactly that. */
export interface Policy {
  readonly id: string;
  /** Of a built-in policy: raised when its meaning changes. */
  readonly version: number;
  /** 32 hex digits over all rules in force: equal digests mask alike. */
  readonly digest: string;
  readonly packs: readonly Pack[];
}

const policyVersion = 2;

/** Kinds of user names and e-mail addresses: what `keepUsers` is about. */
const userKinds = new Set(['user', 'email']);

/**
 * Applies a policy to the loaded packs: `secrets-only` takes rules of category secret, `standard` all, `strict` adds the
 * pack of strict-pack.ts; a file changes one of them. Rules that are off by default apply where their kind is enabled.
 * `keep` rules always apply.
 * @throws Fault E_POLICY_KIND for a kind to enable that no pack has; Faults of the same code, with their places, for the
 *   kinds a file names
 */
export function applyPolicy(packs: readonly Pack[], options: PolicyOptions): Policy {
  const file = typeof options.policy === 'string' ? undefined : options.policy;
  const base = file?.base ?? (options.policy as PolicyId);
  const all = base === 'strict' ? [...packs, strictPack] : packs;
  const kinds = kindsOf(all);
  for (const kind of options.enable) if (kind !== 'all' && !kinds.includes(kind)) throw unknownKind(kind, ['all', ...kinds]);
  if (file) checkKinds(file, kinds);
  const wanted = new Set([...options.enable, ...(file?.enable ?? [])]);
  const unwanted = new Set(file?.disable);
  const applies = (rule: MaskRule): boolean =>
    steers(rule) ||
    (!unwanted.has(rule.kind) &&
      (rule.enabled || wanted.has('all') || wanted.has(rule.kind)) &&
      (base !== 'secrets-only' || rule.category === 'secret' || wanted.has(rule.kind)));
  const users = [...options.keepUsers, ...(file?.keepUsers ?? [])];
  const change = (rule: MaskRule): readonly MaskRule[] => (applies(rule) ? changedRule(keepUsers(rule, users), file) : []);
  const changed = all.map((pack) => ({ ...pack, rules: pack.rules.flatMap(change) }));
  const inForce = [...changed, ...(file ? [pathPack(file)] : [])].filter((pack) => pack.rules.length > 0);
  const digest = sha256Hex(
    JSON.stringify(inForce.map(({ id, names, rules }) => ({ id, names, rules: rules.map(withoutLine) }))),
  ).slice(0, 32);
  return { id: file?.id ?? base, version: file?.version ?? policyVersion, digest, packs: inForce };
}

/** Rules that mask nothing themselves apply whatever their kind. */
function steers({ operation }: MaskRule): boolean {
  return operation.type === 'keep' || operation.type === 'document';
}

/** Kinds that a file names must be there: a misspelt one would leave something unmasked. */
function checkKinds(file: PolicyFile, kinds: readonly string[]): void {
  const named: readonly (readonly [kind: string, place: YamlPath])[] = [
    ...file.enable.map((kind, i) => [kind, ['enable', i]] as const),
    ...file.disable.map((kind, i) => [kind, ['disable', i]] as const),
    ...Object.keys(file.actions).map((kind) => [kind, ['actions', kind]] as const),
  ];
  const faults = named
    .filter(([kind, place]) => !kinds.includes(kind) && !(kind === 'all' && place[0] === 'enable'))
    .map(([kind, place]) => unknownKind(kind, kinds, file.locate(place)));
  if (faults.length > 0) throw new Faults(faults);
}

function unknownKind(kind: string, kinds: readonly string[], location?: Location): Fault {
  const remedy = didYouMean(kind, kinds);
  const at = location === undefined ? {} : { location };
  return new Fault(`no pack has the kind ${JSON.stringify(kind)}`, { code: 'E_POLICY_KIND', remedy, ...at });
}

/** All kinds of the packs, sorted. */
export function kindsOf(packs: readonly Pack[]): readonly string[] {
  return [...new Set(packs.flatMap((pack) => pack.rules.map((rule) => rule.kind)))].sort();
}

/** Where a rule stands in its file does not change what it masks. */
function withoutLine({ line: _, ...rule }: MaskRule): Omit<MaskRule, 'line'> {
  return rule;
}

function keepUsers(rule: MaskRule, users: readonly string[]): MaskRule {
  const { operation } = rule;
  if (users.length === 0 || !userKinds.has(rule.kind)) return rule;
  if (operation.type !== 'structure' && operation.type !== 'pattern') return rule;
  const kept = `^(?:${users.map(userExpression).join('|')})$`;
  const unless = operation.unless === undefined ? kept : `${operation.unless}|${kept}`;
  return { ...rule, operation: { ...operation, unless } };
}

function userExpression(user: string): string {
  const open = user.endsWith('*');
  const literal = (open ? user.slice(0, -1) : user).replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  return open ? `${literal}[^\\n]*` : literal;
}
