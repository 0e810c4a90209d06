import type { RuleInfo } from '../core/finding.ts';
import { type AuditPolicy, auditLevels } from './audit-policy.ts';
import { type Coverage, coverageOf, type Hidden } from './policy-coverage.ts';
import type { LoadedCorrelation, RuleSet } from './rule-set.ts';
import { PolicyView } from './rule-view.ts';

/** What a rule or correlation that reports sees under a policy. */
export interface RuleCoverage extends Coverage {
  readonly rule: RuleInfo;
  /** Of a correlation: names of the rules whose matches it needs. */
  readonly through: readonly string[];
}

const nothing: Coverage = { state: 'open', requests: 0, hidden: 0, why: [], clausesNeed: undefined };
const isDark = ({ state }: Coverage): boolean => state === 'blind' || state === 'waits';

/** Several coverages as one. */
function together(parts: readonly Coverage[], state: Coverage['state']): Coverage {
  const why = new Map<string, Hidden>(parts.flatMap((part) => part.why.map((entry) => [JSON.stringify(entry), entry] as const)));
  const levels = parts.flatMap(({ clausesNeed }) => clausesNeed ?? []);
  return {
    state,
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    hidden: parts.reduce((sum, { hidden }) => sum + hidden, 0),
    why: [...why.values()],
    clausesNeed: auditLevels.findLast((level) => levels.includes(level)),
  };
}

function correlationState({ rule }: LoadedCorrelation, positions: readonly (readonly Coverage[])[]): Coverage['state'] {
  const dark = positions.filter((parts) => parts.length > 0 && parts.every(isDark)).length;
  const needsAll =
    rule.type === 'x-absence' ||
    rule.type === 'x-origin' ||
    (rule.type.startsWith('temporal') && rule.atLeast >= positions.length);
  const all = positions.flat();
  if (dark > 0 && (needsAll || dark === positions.length)) return all.some(({ state }) => state === 'blind') ? 'blind' : 'waits';
  if (all.every(({ state }) => state === 'open')) return 'open';
  return all.every(({ state }) => state === 'sees' || state === 'open') ? 'sees' : 'partly';
}

/** What every rule that reports sees of what an audit policy logs; correlations through the rules they are made of. Pure. */
export function ruleCoverage(set: RuleSet, policy: AuditPolicy): readonly RuleCoverage[] {
  const view = new PolicyView(set, policy);
  const { fields } = set.matcher;
  const byId = new Map(set.rules.map(({ rule }) => [rule.info.id, { name: rule.info.name, ...coverageOf(rule, fields, view) }]));
  const single = set.rules.flatMap(({ rule, silent }): readonly RuleCoverage[] =>
    silent ? [] : [{ ...(byId.get(rule.info.id) ?? nothing), rule: rule.info, through: [] }],
  );
  const several = set.correlations.flatMap((loaded): readonly RuleCoverage[] => {
    if (loaded.silent) return [];
    const positions = loaded.leaves.map((ids) => ids.flatMap((id) => byId.get(id) ?? []));
    const parts = positions.flat();
    const through = parts.map(({ name }) => name);
    return [{ ...together(parts, correlationState(loaded, positions)), rule: loaded.rule.info, through }];
  });
  return [...single, ...several];
}
