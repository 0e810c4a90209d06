import { findingIn } from '../core/finding-in.ts';
import type { Reader } from '../core/log.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { RouteTree } from '../routing/route-tree.ts';
import { filteredReader } from './filtered-reader.ts';

export interface RoutedReaderOptions {
  readonly routes: RouteTree;
  /** Name of the sink that reads. */
  readonly sink: string;
  /** Told of findings that a mute window kept from the sink. */
  readonly muted: (count: number) => void;
}

/** A reader of findings that hands on only what is routed to one sink. Its position passes over the rest; notes go to every sink. */
export function routedReader(reader: Reader, options: RoutedReaderOptions): Reader {
  return filteredReader(reader, (records) => routed(records, options));
}

function routed(records: readonly MaskedRecord[], { routes, sink, muted }: RoutedReaderOptions): readonly MaskedRecord[] {
  let mutedCount = 0;
  const kept = records.filter((record) => {
    if (record.type !== recordTypes.finding) return true;
    const finding = findingIn(record);
    // Which sinks get those the configuration says elsewhere (`log.checkpoints`).
    if (finding.rule.id === builtinRules.checkpoint.id) return true;
    const decision = routes.decide(finding, record.receivedAtUs / 1000);
    if (decision.muted.includes(sink)) mutedCount++;
    return decision.sinks.includes(sink);
  });
  if (mutedCount > 0) muted(mutedCount);
  return kept;
}
