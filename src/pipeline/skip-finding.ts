import type { Finding } from '../core/finding.ts';
import { builtinRules } from '../findings/builtin.ts';
import type { Skipped } from './age-limit.ts';
import { type OwnFindingPlace, ownFinding } from './say-findings.ts';

/** The finding about records that a sink was not given, as they were older than `skipAfterMs` when it could have had them. */
export function skipFinding(sink: string, { records, firstUs, lastUs, isOver }: Skipped, place: OwnFindingPlace): Finding {
  const evidence = {
    'sink.name': [sink],
    'sink.skippedAtLeast': [String(records)],
    'sink.firstReceived': [new Date(firstUs / 1000).toISOString()],
    'sink.lastReceived': [new Date(lastUs / 1000).toISOString()],
    'sink.isOver': [String(isOver)],
    'sink.remedy': [
      'Bring the sink back sooner, or raise its skipAfterMs. The records are in the log: auditveil tail shows them.',
    ],
  };
  const finding = ownFinding(builtinRules.readerBehind, `skipped ${sink} ${firstUs}`, evidence, place);
  return { ...finding, revision: isOver ? 2 : 1 };
}

/** The same for people, in a line. */
export function describeSkipped(sink: string, { records, isOver }: Skipped): string {
  return isOver
    ? `sink ${sink}: it takes records again; ${records} had become too old for it and were passed over`
    : `sink ${sink}: records are too old for it and are passed over`;
}
