/** A finding as it stands in a file of findings, as far as episodes go. */
export interface FoundEpisode {
  readonly id: string;
  readonly revision: number;
  readonly rule: { readonly name: string };
  readonly episode?: {
    readonly count: number;
    readonly first: string;
    readonly last: string;
    readonly mergedInto?: string;
    readonly group: Readonly<Record<string, string>>;
  };
}

/**
 * Episodes as their last revisions show them: rule, group, first, last and count, one line each, sorted. Names of episodes are left out:
 * they follow from the event that came first.
 */
export function closedEpisodes(findings: Iterable<FoundEpisode>): readonly string[] {
  const last = new Map<string, FoundEpisode>();
  for (const finding of findings) {
    if (!finding.episode) continue;
    const known = last.get(finding.id);
    if (!known || known.revision <= finding.revision) last.set(finding.id, finding);
  }
  const lines: string[] = [];
  for (const { rule, episode } of last.values()) {
    if (!episode || episode.mergedInto !== undefined) continue;
    const { group, first, last: end, count } = episode;
    lines.push(`${rule.name} ${JSON.stringify(group)} ${first} ${end} ${count}`);
  }
  return lines.sort();
}

/** What one list has and the other has not, repeats counted. */
export function onlyIn(these: readonly string[], those: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const one of those) left.set(one, (left.get(one) ?? 0) + 1);
  return these.filter((one) => {
    const times = left.get(one) ?? 0;
    left.set(one, times - 1);
    return times <= 0;
  });
}
