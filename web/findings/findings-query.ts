import { severities } from '../../src/core/finding.ts';
import { isHumanUser } from '../../src/core/human-user.ts';
import type { FindingItem, FindingQuery } from '../../src/web/api.ts';
import type { Route } from '../lib/route.ts';
import { timesOf } from '../lib/time-range.ts';

const names = ['severity', 'state', 'rule', 'user', 'namespace', 'tag', 'text'] as const;

/** The query that an address stands for. */
export function queryOf({ params }: Route, nowMs: number): FindingQuery {
  const query: Record<string, string> = {};
  for (const name of names) if (params[name]) query[name] = params[name];
  if (params['humans'] === 'true') query['humans'] = 'true';
  return { ...query, ...timesOf(params, nowMs) } as FindingQuery;
}

/** Whether something that came over the stream belongs to what is shown. The server decides about what is loaded. */
export function matches(query: FindingQuery, item: FindingItem): boolean {
  const { finding, state } = item;
  const { rule, event } = finding;
  const equal = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is;
  return (
    equal(query.state, state) &&
    (equal(query.rule, rule.id) || equal(query.rule, rule.name)) &&
    equal(query.user, event.user) &&
    equal(query.namespace, event.namespace) &&
    (query.tag === undefined || rule.tags.includes(query.tag)) &&
    (query.severity === undefined || severities.indexOf(rule.severity) >= severities.indexOf(query.severity)) &&
    (query.humans === undefined || isHumanUser(event.user)) &&
    (query.until === undefined || Date.parse(finding.time) < Date.parse(query.until)) &&
    holds(query.text, [
      rule.id,
      rule.name,
      event.user,
      event.verb,
      event.resource,
      event.namespace,
      event.name,
      event.intent,
      ...event.sourceIPs,
    ])
  );
}

function holds(text: string | undefined, values: readonly (string | undefined)[]): boolean {
  if (text === undefined) return true;
  const wanted = text.toLowerCase();
  return values.some((value) => value?.toLowerCase().includes(wanted) === true);
}
