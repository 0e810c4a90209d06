import { changedRecord } from '../core/changed-record.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { Reader } from '../core/log.ts';
import type { MaskedTile } from '../core/tile.ts';
import { noteworthyFlags } from '../findings/builtin.ts';
import { errorCode } from '../log/file-system.ts';
import { comparePositions } from '../log/segment-list.ts';
import { CorrelateLoop } from './correlate-loop.ts';
import type { FindingStage } from './finding-stage.ts';
import type { MatchesLoop, MatchesLoopOptions } from './matches-loop.ts';
import { findingsReader } from './open-stage.ts';
import type { PipelineParts } from './run-pipeline.ts';

/** How the log is read by those who follow it. */
const following = { reuse: true, gatherMs: limits.logGatherMs };

/** What makes findings of the events log. */
export interface Correlation {
  run(follow: AbortSignal, giveUp: AbortSignal): Promise<void>;
  /** The input has ended for good. */
  end(): Promise<void>;
}

/** Makes the loop over the topic of matches, where workers share the work. */
export type MakeMatchesLoop = (ends: Pick<MatchesLoopOptions, 'append' | 'found'>) => Pick<MatchesLoop, 'run'>;

/** An agent makes none: it holds nothing in the log for them. */
const noCorrelation: Correlation = { run: () => Promise.resolve(), end: () => Promise.resolve() };

/** @param append makes findings durable */
export async function openCorrelation(
  parts: PipelineParts,
  gated: (reader: Reader) => Reader,
  append: (tile: MaskedTile) => Promise<void>,
): Promise<Correlation> {
  const { events, stage, state, resumeAt, clock, identify, meter, found, matches, correlates = true } = parts;
  if (!correlates) {
    // It may have run in the role `all` before.
    await events.forget(findingsReader).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    return noCorrelation;
  }
  const reader = await events.reader(findingsReader, following);
  // The state is saved before the position: after a crash in between it is ahead, never behind.
  if (resumeAt && comparePositions(resumeAt, events.status().end) <= 0) await reader.commit(resumeAt);
  const say = async (made: readonly Finding[]): Promise<void> => {
    for (const finding of made) meter.found(finding);
    await found(made);
  };
  const loop = new CorrelateLoop({
    reader: gated(reader),
    stage: matches ? singlyOnly(stage) : stage,
    ...{ state, clock, identify, append, found: say },
    unsaved: (code) => meter.retried(code),
  });
  const several = matches?.({ append, found: say });
  if (!several) return loop;
  return {
    run: async (follow, giveUp) => {
      await Promise.all([loop.run(follow, giveUp), several.run(follow)]);
    },
    end: () => loop.end(),
  };
}

/** Records that count for rules over several events make their findings where those are kept; here only reused IDs are seen. */
function singlyOnly(stage: FindingStage): ConstructorParameters<typeof CorrelateLoop>[0]['stage'] {
  return {
    push: (record) => {
      if (record.stateKeys.length === 0) return stage.push(record);
      const isQuiet = (record.flags & noteworthyFlags) === 0;
      return isQuiet ? stage.push(changedRecord(record, { matches: [], stateKeys: [] })) : [];
    },
    observe: (...args) => stage.observe(...args),
    advance: (nowUs) => stage.advance(nowUs),
    close: () => stage.close(),
    snapshot: () => stage.snapshot(),
  };
}
