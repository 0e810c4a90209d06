import type { RuleSet } from '../detection/rule-set.ts';

/** Exceptions that no longer apply at this time, one line each. */
export function describeExpired({ exceptions = [] }: RuleSet, nowMs: number): readonly string[] {
  return exceptions
    .filter(({ expiresUs }) => expiresUs <= nowMs * 1000)
    .map(({ rule, owner, expiresUs, location: { file, line } }) => {
      const day = new Date(expiresUs / 1000).toISOString().slice(0, 10);
      return `${file}:${line}: the exception of "${rule}" (${owner}) expired on ${day} and no longer applies to events since then`;
    });
}

/** How many matches exceptions have hidden, by rule; undefined where none. */
export function describeHidden(hidden: ReadonlyMap<string, number>, { rules }: RuleSet): string | undefined {
  if (hidden.size === 0) return undefined;
  const nameOf = (id: string): string => rules.find(({ rule }) => rule.info.id === id)?.rule.info.name ?? id;
  const parts = [...hidden].map(([id, count]) => `${nameOf(id)} ${count}`);
  const total = [...hidden.values()].reduce((sum, count) => sum + count, 0);
  return `auditveil: exceptions hid ${total} matches (${parts.join(', ')})`;
}
