import { graver } from '../../src/core/finding.ts';
import type { FindingRow } from './finding-row.ts';

export type Grouping = 'rule' | 'user';

export interface FindingGroup {
  readonly key: string;
  readonly title: string;
  /** The gravest of them that is not closed stands for the group; else the gravest. */
  readonly worst: FindingRow;
  readonly rows: readonly FindingRow[];
  /** Times of all findings together. */
  readonly count: number;
  readonly open: number;
}

/** A line of the list: a group, a finding, or one that is not loaded yet. */
export type Line =
  | { readonly kind: 'group'; readonly group: FindingGroup; readonly isOpen: boolean }
  | { readonly kind: 'finding'; readonly row: FindingRow; readonly isInGroup: boolean }
  | { readonly kind: 'waiting' };

/** Groups in order of severity, then of their newest finding. */
export function groupsOf(rows: readonly FindingRow[], by: Grouping): readonly FindingGroup[] {
  const groups = new Map<string, FindingRow[]>();
  for (const row of rows) {
    const key = by === 'rule' ? row.rule : row.user;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].map(([key, members]) => groupOf(key, members, by)).sort(before);
}

function groupOf(key: string, rows: readonly FindingRow[], by: Grouping): FindingGroup {
  const open = rows.filter(({ state }) => state !== 'closed');
  const worst = (open.length > 0 ? open : rows).reduce((a, b) => (graver(b.severity, a.severity) < 0 ? b : a));
  return {
    key,
    title: by === 'rule' ? worst.ruleName : key || 'no actor',
    worst,
    rows,
    count: rows.reduce((sum, row) => sum + row.count, 0),
    open: open.length,
  };
}

const before = (a: FindingGroup, b: FindingGroup): number =>
  graver(a.worst.severity, b.worst.severity) || (b.rows[0]?.timeMs ?? 0) - (a.rows[0]?.timeMs ?? 0);

/** The lines of a list: of groups that are open, their findings too. */
export function linesOf(groups: readonly FindingGroup[], opened: ReadonlySet<string>): readonly Line[] {
  const lines: Line[] = [];
  for (const group of groups) {
    const isOpen = opened.has(group.key);
    lines.push({ kind: 'group', group, isOpen });
    if (isOpen) for (const row of group.rows) lines.push({ kind: 'finding', row, isInGroup: true });
  }
  return lines;
}
