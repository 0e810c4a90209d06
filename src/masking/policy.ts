import { didYouMean } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { MaskRule, Pack } from './pack.ts';

export const policyIds = ['secrets-only', 'standard', 'strict'] as const;
export type PolicyId = (typeof policyIds)[number];

export interface PolicyOptions {
  readonly policy: PolicyId;
  /** Kinds that are off by default; `all` for every one. */
  readonly enable: readonly string[];
  /** User names that stay; a `*` at the end matches any rest. */
  readonly keepUsers: readonly string[];
}

/** What is in force: the packs with only the rules that apply, and a name for exactly that. */
export interface Policy {
  readonly id: PolicyId;
  /** Raised when the meaning of the built-in policies changes. */
  readonly version: number;
  /** 32 hex digits over all rules in force: equal digests mask alike. */
  readonly digest: string;
  readonly packs: readonly Pack[];
}

const policyVersion = 1;

/** Kinds of user names and e-mail addresses: what `keepUsers` is about. */
const userKinds = new Set(['user', 'email']);

/**
 * Applies a policy to the loaded packs: `secrets-only` takes rules of category secret, `standard` all, `strict` adds the
 * pack below. Rules that are off by default apply where their kind is enabled. `keep` rules always apply.
 * @throws Fault E_POLICY_KIND for a kind to enable that no pack has
 */
export function applyPolicy(packs: readonly Pack[], options: PolicyOptions): Policy {
  const kinds = kindsOf(packs);
  for (const kind of options.enable) {
    if (kind === 'all' || kinds.includes(kind)) continue;
    throw new Fault(`no pack has the kind ${JSON.stringify(kind)}`, {
      code: 'E_POLICY_KIND',
      remedy: didYouMean(kind, ['all', ...kinds]),
    });
  }
  const wanted = new Set(options.enable);
  const applies = (rule: MaskRule): boolean =>
    (rule.enabled || wanted.has('all') || wanted.has(rule.kind)) &&
    (options.policy !== 'secrets-only' || rule.category === 'secret' || rule.action === 'keep' || wanted.has(rule.kind));
  const all = options.policy === 'strict' ? [...packs, strictPack] : packs;
  const inForce = all
    .map((pack) => ({ ...pack, rules: pack.rules.filter(applies).map((rule) => keepUsers(rule, options.keepUsers)) }))
    .filter((pack) => pack.rules.length > 0);
  const digest = sha256Hex(
    JSON.stringify(inForce.map(({ id, names, rules }) => ({ id, names, rules: rules.map(withoutLine) }))),
  ).slice(0, 32);
  return { id: options.policy, version: policyVersion, digest, packs: inForce };
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

/**
 * `strict`: every string in a body and every number of more than five digits, but for what an object is and is called.
 * Added after the packs, so their more telling kinds win where both apply.
 */
const strictPack: Pack = {
  id: 'strict',
  summary: 'Every text of request and response bodies.',
  file: 'built-in',
  names: {},
  examples: [],
  rules: [
    {
      id: 'strict-bodies',
      kind: 'body',
      category: 'secret',
      about: 'Texts in bodies, except kind, apiVersion and the names that identify the object.',
      action: 'redact',
      pseudonym: 'token',
      enabled: true,
      line: 1,
      operation: {
        type: 'structure',
        in: 'event',
        when: {},
        event: {},
        mask: ['requestObject', 'responseObject'],
        except: ['requestObject', 'responseObject'].flatMap((body) =>
          ['', '.items'].flatMap((list) =>
            ['kind', 'apiVersion', 'metadata.name', 'metadata.namespace', 'metadata.uid', 'metadata.resourceVersion'].map(
              (member) => `${body}${list}.${member}`,
            ),
          ),
        ),
        unless: '^(?:-?[0-9]{1,5}|true|false|\\[MASKED:[a-z0-9-]{1,63}(?::[a-z0-9]{1,16}:[0-9a-f]{16})?\\])$',
      },
    },
  ],
};
