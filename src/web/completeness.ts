import type { ApiserverCounts } from '../core/apiserver-counts.ts';
import type { Finding } from '../core/finding.ts';
import type { CompletenessView, GapView, StatusView } from './api.ts';
import { findingOf } from './finding-row.ts';
import type { FindingsView } from './findings-view.ts';

const gapsAtMost = 100;

/** What each rule of ours says was missed, and the evidence that names its source. */
const gapRules: Readonly<Record<string, string>> = {
  'auditveil.log-gap': 'gap.source',
  'auditveil.source-silent': 'source.name',
  'auditveil.log-loss': 'log.name',
  'auditveil.reader-behind': 'log.name',
};

/** What is known to be missing, newest first. */
export async function knownGaps(view: FindingsView): Promise<readonly GapView[]> {
  const gaps: GapView[] = [];
  for (const rule of Object.keys(gapRules))
    await view.each({ rule }, (row) => {
      if (gaps.length < gapsAtMost) gaps.push(gapOf(findingOf(row)));
    });
  return gaps.sort((a, b) => (a.time < b.time ? 1 : -1));
}

function gapOf({ id, time, rule, evidence }: Finding): GapView {
  const first = (name: string): string | undefined => evidence[name]?.[0];
  const [from, to] = [Number(first('gap.from')), Number(first('gap.to'))];
  const bytes = to - from > 0 ? to - from : Number(first('log.bytes'));
  return {
    ...{ finding: id, time, rule: rule.id, about: rule.name, source: first(gapRules[rule.id] ?? '') ?? '' },
    ...(bytes > 0 && { bytes }),
  };
}

/** Of one source. */
export interface GapTotals {
  readonly gaps: number;
  /** As far as it is known how many. */
  readonly bytes: number;
  /** RFC 3339. */
  readonly last: string;
}

export async function gapTotals(view: FindingsView): Promise<ReadonlyMap<string, GapTotals>> {
  return totalsOf(await knownGaps(view));
}

function totalsOf(newestFirst: readonly GapView[]): ReadonlyMap<string, GapTotals> {
  const totals = new Map<string, GapTotals>();
  for (const { source, time, bytes = 0 } of newestFirst) {
    const known = totals.get(source) ?? { gaps: 0, bytes: 0, last: time };
    totals.set(source, { ...known, gaps: known.gaps + 1, bytes: known.bytes + bytes });
  }
  return totals;
}

/** Completeness by source and apiserver: what came, how late, and what is known to be missing. */
export async function completenessOf(
  view: FindingsView,
  status: StatusView,
  apiservers: readonly ApiserverCounts[] = [],
): Promise<CompletenessView> {
  const gaps = await knownGaps(view);
  const totals = totalsOf(gaps);
  const names = new Set([...status.sources.map(({ name }) => name), ...totals.keys()]);
  const sources = [...names].map((name) => {
    const known = status.sources.find((source) => source.name === name);
    const { gaps: count = 0, bytes = 0 } = totals.get(name) ?? {};
    return { name, events: known?.events ?? 0, lagMs: known?.lagMs, gaps: count, missingBytes: bytes };
  });
  return { at: status.at, sources, apiservers, gaps };
}
