import type { LogPosition } from '../core/log.ts';
import { recordTypes } from '../core/record.ts';
import type { CorrelationRule } from '../detection/rule.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { segmentHeaderBytes } from '../log/segment-header.ts';
import { describeSegment, listSegmentNumbers, type Segment } from '../log/segment-list.ts';
import type { CorrelatorSnapshot } from '../state/correlator.ts';
import type { RuleStateSnapshot } from '../state/rule-state.ts';
import type { FindingStage } from './finding-stage.ts';
import type { SavedState } from './state-file.ts';

export interface RebuildOptions {
  /** Folder of the events log. */
  readonly directory: string;
  /** Reader of the log whose place the state belongs to. */
  readonly reader: string;
  readonly rules: RuleSet;
  readonly latenessMs: number;
  /** Segments are read back from the place on until they have so many bytes together; at least one is. */
  readonly maxBytes: number;
  readonly makeStage: () => FindingStage;
}

export interface Rebuilt {
  readonly saved: SavedState;
  readonly records: number;
  /** Whether the log reaches back as far as the windows do. */
  readonly complete: boolean;
}

/** How long before a place events may still matter, ms: twice the window, once more where correlations stand on others. */
export function reachMs(correlations: readonly CorrelationRule[], isChained: boolean, latenessMs: number): number {
  const longest = Math.max(0, ...correlations.map((rule) => 2 * rule.windowUs + rule.learnUs));
  return (longest / 1000) * (isChained ? 2 : 1) + latenessMs;
}

/** Beginnings of the episodes that still go on, microseconds, with the rule of each. */
function* beginnings({ correlations }: CorrelatorSnapshot): Generator<{ readonly id: string; readonly firstUs: number }> {
  for (const { id, state } of correlations)
    for (const { episodes } of (state as Partial<RuleStateSnapshot>).groups ?? [])
      for (const { run } of episodes ?? []) yield { id, firstUs: run.firstUs };
}

/** Whether an episode that still goes on may have begun before the first event that was read. */
function mayHaveBegunBefore(snapshot: CorrelatorSnapshot, firstUs: number, rules: RuleSet): boolean {
  const windows = new Map(rules.correlations.map(({ rule }) => [rule.info.id, rule.windowUs]));
  for (const episode of beginnings(snapshot)) if (episode.firstUs <= firstUs + (windows.get(episode.id) ?? 0)) return true;
  return false;
}

/** When the oldest episode that still goes on began, milliseconds; infinite where none does. */
export function oldestEpisodeMs(snapshot: CorrelatorSnapshot): number {
  let oldestUs = Number.POSITIVE_INFINITY;
  for (const { firstUs } of beginnings(snapshot)) oldestUs = Math.min(oldestUs, firstUs);
  return oldestUs / 1000;
}

class Rebuild {
  readonly #options: RebuildOptions;
  readonly #upTo: LogPosition;
  /** Segments up to the place, oldest first. */
  readonly #segments: readonly Segment[];

  constructor(options: RebuildOptions, upTo: LogPosition, segments: readonly Segment[]) {
    this.#options = options;
    this.#upTo = upTo;
    this.#segments = segments;
  }

  /** Reads back until no episode that goes on touches the beginning of what was read. */
  async run(): Promise<Rebuilt | undefined> {
    const { rules, latenessMs } = this.#options;
    const isChained = rules.correlations.some((loaded) => loaded.isChained);
    const loaded = rules.correlations.map(({ rule }) => rule);
    let spanMs = reachMs(loaded, isChained, latenessMs);
    for (;;) {
      const { index, isBounded } = this.#start(spanMs);
      const rebuilt = await this.#replay(index);
      if (!rebuilt) return undefined;
      const complete = index === 0 || !rebuilt.mayHaveBegunBefore;
      if (complete || isBounded) return { ...rebuilt, complete };
      spanMs *= 4;
    }
  }

  /** The segment to begin with: that of the span before the one the place is in, as far as the bytes allow. */
  #start(spanMs: number): { readonly index: number; readonly isBounded: boolean } {
    const last = this.#segments.length - 1;
    const sinceMs = (this.#segments[last]?.createdAtMs ?? 0) - spanMs;
    let bytes = 0;
    let index = last;
    while (index > 0 && (this.#segments[index]?.createdAtMs ?? 0) > sinceMs) {
      bytes += this.#segments[index]?.bytes ?? 0;
      if (bytes > this.#options.maxBytes) return { index, isBounded: true };
      index--;
    }
    return { index, isBounded: false };
  }

  async #replay(index: number): Promise<(Omit<Rebuilt, 'complete'> & { readonly mayHaveBegunBefore: boolean }) | undefined> {
    const { directory, makeStage, rules } = this.#options;
    const stage = makeStage();
    const start = { segment: this.#segments[index]?.number ?? 0, offset: segmentHeaderBytes };
    const reader = await openLogReader({ directory, start, until: this.#upTo });
    let records = 0;
    let firstUs = Number.POSITIVE_INFINITY;
    try {
      for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
        const [first] = batch.records;
        // Before the batch, never behind the last: what falls due after it is reported by the run that follows.
        if (first) stage.advance(first.receivedAtUs);
        for (const record of batch.records) {
          if (record.type !== recordTypes.event) continue;
          records++;
          firstUs = Math.min(firstUs, record.eventTimeUs);
          if (record.stateKeys.length > 0) stage.push(record);
          stage.observe(record.context?.source ?? '', record.eventTimeUs, record.receivedAtUs);
        }
      }
    } finally {
      await reader.close();
    }
    if (records === 0) return undefined;
    const snapshot = stage.snapshot();
    const saved = { position: this.#upTo, snapshot };
    return { saved, records, mayHaveBegunBefore: mayHaveBegunBefore(snapshot, firstUs, rules) };
  }
}

/**
 * The state of correlations, made again from the events log up to where its reader has come: the same windows, episodes
 * and ids, because they follow from the events alone. Reads as far back as the longest window and the episodes that go on
 * reach, within `maxBytes`. Nothing is reported. Undefined where there is nothing to rebuild.
 */
export async function rebuildState(options: RebuildOptions): Promise<Rebuilt | undefined> {
  const { directory, reader, rules } = options;
  if (rules.correlations.length === 0) return undefined;
  const probe = await openLogReader({ directory, start: { reader } });
  const upTo = probe.committed;
  await probe.close();
  const segments: Segment[] = [];
  for (const number of await listSegmentNumbers(nodeFileSystem, directory)) {
    const segment = number <= upTo.segment ? await describeSegment(nodeFileSystem, directory, number) : undefined;
    if (segment) segments.push(segment);
  }
  return segments.length === 0 ? undefined : new Rebuild(options, upTo, segments).run();
}
