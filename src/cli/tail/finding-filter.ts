import type { Finding, Severity } from '../../core/finding.ts';
import { severities } from '../../core/finding.ts';
import { isHumanUser } from '../../core/human-user.ts';
import { fitsPattern } from '../../routing/name-pattern.ts';
import type { Pattern } from '../../scan/pattern.ts';
import { partsOf, shortMasks } from './finding-parts.ts';

/** What of all findings is wanted. Everything that is given must hold; of a list, one. */
export interface FindingFilter {
  readonly severity?: Severity;
  /** Ids or names of rules, `*` for any text; case does not count. */
  readonly rules?: readonly string[];
  /** Namespaces, `*` for any text; an empty one for what has none. */
  readonly namespaces?: readonly string[];
  /** Without controllers, nodes and service accounts. */
  readonly humans?: boolean;
  /** How the user may stand in masked events: looked for in the actor, who is behind it, groups and evidence. */
  readonly users?: readonly string[];
  readonly include?: readonly Pattern[];
  readonly exclude?: readonly Pattern[];
}

/** Texts of a finding that a person may look for, on one line. */
export function searchText(finding: Finding): string {
  const { rule, event, evidence, episode, origin, output } = finding;
  const { who, from, what } = partsOf(finding);
  const place = [event.namespace, event.name].filter(Boolean).join('/');
  const parts = [
    ...[rule.severity, rule.name, rule.id, rule.tags.join(' '), who, shortMasks(who), from.slice(1), place],
    ...[event.verb, event.resource, what, event.userAgent, event.code, origin?.user, output?.text, finding.id],
    ...Object.entries(episode?.group ?? {}).map(([field, value]) => `${field}=${value}`),
    ...Object.entries(evidence).map(([field, values]) => `${field}=${values.join(',')}`),
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** Compiles a filter; what costs most is asked last. */
export function compileFilter(filter: FindingFilter): (finding: Finding) => boolean {
  const { severity, humans, include = [], exclude = [] } = filter;
  const least = severity === undefined ? 0 : severities.indexOf(severity);
  const rules = filter.rules?.map((rule) => rule.toLowerCase());
  const users = filter.users === undefined ? undefined : new Set(filter.users.map(shortMasks));
  const isAskedOf = ({ rule, event }: Finding): boolean =>
    severities.indexOf(rule.severity) >= least &&
    (!humans || isHumanUser(event.user)) &&
    (rules?.some((one) => fitsPattern(rule.id.toLowerCase(), one) || fitsPattern(rule.name.toLowerCase(), one)) ?? true) &&
    (filter.namespaces?.some((one) => fitsPattern(event.namespace ?? '', one)) ?? true);
  const isOf = (finding: Finding): boolean => users === undefined || usersIn(finding).some((user) => users.has(shortMasks(user)));
  const isWorded = (finding: Finding): boolean => {
    if (include.length + exclude.length === 0) return true;
    const bytes = Buffer.from(searchText(finding));
    return (include.length === 0 || include.some((one) => one.test(bytes))) && !exclude.some((one) => one.test(bytes));
  };
  return (finding) => isAskedOf(finding) && isOf(finding) && isWorded(finding);
}

function usersIn({ event, origin, episode, evidence }: Finding): readonly string[] {
  const groups = Object.values(episode?.group ?? {});
  return [event.user, origin?.user, ...groups, ...Object.values(evidence).flat()].filter((user) => user !== undefined);
}
