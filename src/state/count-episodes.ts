import { unknownEvent } from '../core/finding.ts';
import type { CorrelationInput, RuleSet } from '../detection/rule-set.ts';
import { createCorrelator } from './correlator.ts';

/** Episodes that one correlation of the set makes of records, each once. For the examples of rules. */
export function countEpisodes(set: RuleSet, correlation: number, records: readonly CorrelationInput[]): number {
  // What only says who is behind a finding makes none of its own, but in its examples.
  const speaking = set.correlations.map((loaded) => (loaded.rule.type === 'x-origin' ? { ...loaded, silent: false } : loaded));
  const correlator = createCorrelator(
    { ...set, correlations: speaking },
    {
      identify: (text) => text,
      view: () => ({ cluster: '', event: unknownEvent, group: {} }),
    },
  );
  const id = set.correlations[correlation]?.rule.info.id;
  const findings = [...records.flatMap((record) => correlator.push(record)), ...correlator.close()];
  const last = new Map(findings.filter((finding) => finding.rule.id === id).map((finding) => [finding.id, finding]));
  return [...last.values()].filter((finding) => finding.episode?.mergedInto === undefined).length;
}
