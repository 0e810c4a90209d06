import { closestWord } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import type { LoadedCorrelation, LoadedRule, RuleSet } from '../detection/rule-set.ts';

type NamedRules = readonly [LoadedRule | LoadedCorrelation, ...(LoadedRule | LoadedCorrelation)[]];

/** Rules and correlations that an id, a name or an alias stands for, at least one. Case does not count. @throws Fault E_USAGE_RULE */
export function rulesNamed({ rules, correlations }: RuleSet, wanted: string): NamedRules {
  const all = [...rules, ...correlations];
  const [first, ...others] = all.filter(({ rule: { info, alias } }) =>
    [info.id, info.name, alias].some((name) => name?.toLowerCase() === wanted.toLowerCase()),
  );
  if (first) return [first, ...others];
  const closest = closestWord(
    wanted,
    all.map(({ rule }) => rule.info.name),
  );
  throw new Fault(`there is no rule \`${wanted}\` in this profile`, {
    code: 'E_USAGE_RULE',
    remedy: `${closest === undefined ? '' : `Did you mean \`${closest}\`? `}See \`auditveil rules list\`, and --profile for rules of others.`,
  });
}
