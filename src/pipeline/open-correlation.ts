import { limits } from '../core/limits.ts';
import type { Reader } from '../core/log.ts';
import type { MaskedTile } from '../core/tile.ts';
import { errorCode } from '../log/file-system.ts';
import { comparePositions } from '../log/segment-list.ts';
import { CorrelateLoop } from './correlate-loop.ts';
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

/** An agent makes none: it holds nothing in the log for them. */
const noCorrelation: Correlation = { run: () => Promise.resolve(), end: () => Promise.resolve() };

/** @param append makes findings durable */
export async function openCorrelation(
  parts: PipelineParts,
  gated: (reader: Reader) => Reader,
  append: (tile: MaskedTile) => Promise<void>,
): Promise<Correlation> {
  const { events, stage, state, resumeAt, clock, identify, meter, found, correlates = true } = parts;
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
  return new CorrelateLoop({
    reader: gated(reader),
    ...{ stage, state, clock, identify, append },
    found: async (made) => {
      for (const finding of made) meter.found(finding);
      await found(made);
    },
    unsaved: (code) => meter.retried(code),
  });
}
