import type { FieldSpec } from '../core/extracts.ts';
import type { Finding, RuleInfo } from '../core/finding.ts';
import { formatTime } from '../core/format-time.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { Rule } from '../detection/rule.ts';
import type { LoadedCorrelation, RuleSet } from '../detection/rule-set.ts';
import type { EpisodeView } from '../state/correlation-state.ts';
import { builtinMatches } from './builtin.ts';
import { type EventView, eventView, lastValueOf, valuesOf } from './event-view.ts';

/** Fields of evidence a finding shows. */
const evidenceFields = 16;

export interface FindingOptions {
  /** Keyed hash of a text, in hex: makes finding ids that are the same when the record comes again. */
  readonly identify: (text: string) => string;
  /** 0-based number of the input event, where the input has an order. */
  readonly index?: number;
}

function evidenceOf(view: EventView, fields: readonly FieldSpec[]): Finding['evidence'] {
  const evidence: Record<string, readonly string[]> = {};
  for (const field of fields.slice(0, evidenceFields)) {
    const values = valuesOf(view, field);
    if (values.length > 0) evidence[field.name] = values;
  }
  return evidence;
}

/** The finding of one rule on one masked record. */
export function findingOf(
  record: MaskedRecord,
  rule: RuleInfo,
  fields: readonly FieldSpec[],
  options: FindingOptions,
  view = eventView(record.payload, options.index),
): Finding {
  return {
    id: options.identify(`finding ${rule.id} ${record.digest}`),
    revision: 1,
    rule,
    time: formatTime(record.eventTimeUs),
    cluster: record.context?.cluster ?? '',
    event: view.event,
    evidence: evidenceOf(view, fields),
  };
}

const decoder = new TextDecoder();

/** The rule's own message, of the masked event. */
function outputOf(record: MaskedRecord, rule: Rule): Pick<Finding, 'output'> {
  return rule.output ? { output: rule.output(decoder.decode(record.payload)) } : {};
}

/**
 * Makes the stateless findings of records: of rules that matched, and built-in ones. Looks rules up by the ids in the record.
 * `firstMatch`: of the rules only the first; what is built in reports all the same.
 */
export function createFindingMaker(
  set: RuleSet,
  firstMatch = false,
): (record: MaskedRecord, options: FindingOptions) => readonly Finding[] {
  const byId = new Map(set.rules.map((loaded) => [loaded.rule.info.id, loaded]));
  return (record, options) => {
    const builtin = builtinMatches(record);
    const speaking = record.matches.flatMap((id) => byId.get(id) ?? []).filter(({ silent }) => !silent);
    const loaded = firstMatch ? speaking.slice(0, 1) : speaking;
    if (builtin.length + loaded.length === 0) return [];
    const view = eventView(record.payload, options.index);
    return [
      ...loaded.map(({ rule, evidence }) => ({
        ...findingOf(record, rule.info, evidence, options, view),
        ...outputOf(record, rule),
      })),
      ...builtin.map((info) => findingOf(record, info, [], options, view)),
    ];
  };
}

/** What people see of a correlation's group, from the masked event of a record that belongs to it. */
export function episodeView(record: MaskedRecord, correlation: LoadedCorrelation): EpisodeView {
  const view = eventView(record.payload);
  const position = Math.max(
    0,
    correlation.leaves.findIndex((ids) => ids.some((id) => record.matches.includes(id))),
  );
  const group: Record<string, string> = {};
  for (const { name, specs } of correlation.shown) {
    const field = specs[position];
    group[name] = (field && lastValueOf(view, field)) ?? '';
  }
  return { cluster: record.context?.cluster ?? '', event: view.event, group };
}
