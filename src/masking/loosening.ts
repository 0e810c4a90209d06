import type { MaskAction, MaskRule, Pack } from './pack.ts';
import type { Policy } from './policy.ts';

/** What an action leaves to see, from the least. */
const strictness: readonly MaskAction[] = ['keep', 'truncate', 'keep-last-4', 'pseudonymise', 'redact', 'drop'];

/**
 * Ids of rules by which another policy may mask less than the one before: those that are gone or not the same any more, those
 * that take masks away, and name classes that changed. Empty only where everything that was masked is masked at least as much: what
 * cannot be compared counts as less.
 */
export function loosenings(before: Policy, after: Policy): readonly string[] {
  if (before.digest === after.digest) return [];
  const [old, now] = [rulesById(before.packs), rulesById(after.packs)];
  const gone = [...old].filter(([id, rule]) => masks(rule) && !isCoveredBy(rule, now.get(id))).map(([id]) => id);
  const released = [...now].filter(([id, rule]) => !masks(rule) && textOf(rule) !== textOf(old.get(id))).map(([id]) => id);
  return [...gone, ...released, ...changedNames(before.packs, after.packs)];
}

function rulesById(packs: readonly Pack[]): ReadonlyMap<string, MaskRule> {
  return new Map(packs.flatMap((pack) => pack.rules.map((rule) => [`${pack.id}/${rule.id}`, rule])));
}

/** `document` only decides what is looked into. */
const masks = ({ operation }: MaskRule): boolean => operation.type !== 'keep' && operation.type !== 'release';

function isCoveredBy(rule: MaskRule, now: MaskRule | undefined): boolean {
  if (now === undefined || strictness.indexOf(now.action) < strictness.indexOf(rule.action)) return false;
  return textOf({ ...rule, action: now.action, pseudonym: now.pseudonym }) === textOf(now) && !shortens(rule, now);
}

/** An address that keeps less of itself is masked more, one that keeps more is not. */
function shortens(rule: MaskRule, now: MaskRule): boolean {
  const order = ['network', 'address', 'token'];
  return (
    rule.action === 'pseudonymise' &&
    now.action === 'pseudonymise' &&
    order.indexOf(now.pseudonym) < order.indexOf(rule.pseudonym)
  );
}

/** What a rule does; where it stands and what is said about it change nothing. */
function textOf(rule: MaskRule | undefined): string {
  if (rule === undefined) return '';
  const { line: _, about: __, ...does } = rule;
  return JSON.stringify(does);
}

function changedNames(before: readonly Pack[], after: readonly Pack[]): readonly string[] {
  return before
    .filter(({ id, names }) => {
      const now = after.find((pack) => pack.id === id)?.names ?? {};
      return Object.entries(names).some(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name]));
    })
    .map(({ id }) => `${id}/names`);
}
