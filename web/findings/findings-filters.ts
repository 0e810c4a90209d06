import { severities } from '../../src/core/finding.ts';
import { FilterBar } from '../lib/filter-bar.ts';
import type { Route } from '../lib/route.ts';

const severityOptions = severities
  .toReversed()
  .map((one) => [one, one === 'critical' || one === 'informational' ? one : `${one} and up`] as const)
  .slice(0, -1);

/** What findings can be filtered by. */
export function findingsFilters(current: () => Route, go: (route: Route, replace?: boolean) => void): FilterBar {
  return new FilterBar({
    searchLabel: 'Search findings',
    placeholder: 'Search rule, actor, object, address, command',
    selects: [
      { name: 'severity', label: 'Severity', options: [['', 'any severity'], ...severityOptions] },
      {
        name: 'state',
        label: 'State',
        options: [['', 'any state'], ...['open', 'acknowledged', 'closed'].map((one) => [one, one] as const)],
      },
      {
        name: 'group',
        label: 'Group by',
        options: [
          ['', 'not grouped'],
          ['rule', 'by rule'],
          ['user', 'by actor'],
        ],
      },
    ],
    chips: { rule: 'rule', user: 'actor', namespace: 'namespace', tag: 'tag', since: 'since', until: 'until' },
    defaultRange: '',
    withPeople: true,
    current,
    go,
  });
}
