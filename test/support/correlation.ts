import { type Finding, unknownEvent } from '../../src/core/finding.ts';
import type { CorrelationInput, RuleSet } from '../../src/detection/rule-set.ts';
import type { CorrelatorOptions, EpisodeView } from '../../src/state/correlation-state.ts';
import { type Correlator, type CorrelatorSnapshot, createCorrelator } from '../../src/state/correlator.ts';
import { createWatermark } from '../../src/state/watermark.ts';
import { load, ruleOf } from './rules.ts';

export const second = 1e6;
const view: EpisodeView = { cluster: 'c', event: unknownEvent, group: {} };

/** A correlation of the rules a, b and c, given as the inside of its section. */
export function correlationOf(section: string): RuleSet {
  const bases = ['a', 'b', 'c'].map((name, i) => ruleOf('sel: { verb: get }\ncondition: sel', i + 1, `name: ${name}\n`));
  const text = `title: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { ${section} }\n`;
  return load([...bases, text].join('---\n'));
}

export function correlatorOf(
  section: string,
  options: Partial<CorrelatorOptions<CorrelationInput>> = {},
  snapshot?: CorrelatorSnapshot,
): Correlator<CorrelationInput> {
  return createCorrelator(correlationOf(section), { identify: (text) => text, view: () => view, ...options }, snapshot);
}

/** A match at this second. */
export function matchAt(
  at: number,
  more: { readonly group?: string; readonly value?: string | number; readonly digest?: string } = {},
): CorrelationInput {
  const value = more.value === undefined ? {} : { value: more.value };
  return {
    digest: more.digest ?? `${at} ${more.group ?? 'g'} ${more.value ?? ''}`,
    eventTimeUs: at * second,
    plan: undefined,
    stateKeys: [{ correlation: 0, group: more.group ?? 'g', ...value }],
  };
}

/** What is left when later lines replace earlier ones with the same id: count, first and last of each episode. */
export function finalEpisodes(findings: readonly Finding[]): readonly string[] {
  const last = new Map(findings.map((finding) => [finding.id, finding]));
  return [...last.values()]
    .filter(({ episode }) => episode && episode.mergedInto === undefined)
    .map(({ episode }) => `${episode?.count} ${episode?.first.slice(11, 19)} ${episode?.last.slice(11, 19)}`)
    .sort();
}

/** Feeds records in this order, moving time as a source would, and closes all windows. */
export function feed(correlator: Correlator<CorrelationInput>, records: readonly CorrelationInput[]): readonly Finding[] {
  const watermark = createWatermark();
  const out: Finding[] = [];
  for (const record of records) {
    out.push(...correlator.push(record));
    watermark.observe('s', record.eventTimeUs, 1e15);
    out.push(...correlator.advance(watermark.currentUs(1e15)));
  }
  return [...out, ...correlator.close()];
}
