import { limits } from '../core/limits.ts';
import type { MaskedRecord } from '../core/record.ts';
import type { OpenedEngine } from '../pipeline/open-engine.ts';
import { StoredMatches } from '../pipeline/stored-matches.ts';
import { latestEventTimeUs, TileRecords, toldTimesUs } from '../pipeline/tile-records.ts';
import { inspectInputs } from './inspect-inputs.ts';
import { eventsLogOf } from './open-store.ts';
import type { CliContext } from './output.ts';
import { eachStoredRecord } from './stored-records.ts';

export interface RecordUse {
  /** A record that rules of the engine match, or that makes a finding by itself. */
  readonly record: (record: MaskedRecord) => void;
  /** Event time of an event, where the event tells it. Microseconds. */
  readonly time?: (timeUs: number) => void;
  /** How far event time has come for a source. Microseconds. */
  readonly reached?: (source: string, eventTimeUs: number, receivedAtUs: number) => void;
  /** Every record of events, also those that nothing matches. */
  readonly all?: boolean;
}

export interface RecordsRead {
  /** Read from an agent's log: what was matched then is taken from there. */
  readonly isStored: boolean;
  readonly events: number;
  readonly stubs: number;
  /** Rules that were asked of masked events, because the log was kept before they were in force. */
  readonly askedOfMasked: ReadonlySet<string>;
}

/**
 * Hands over the records of a log with what rules match: of files of events (`-` or none: standard input), masked in memory, or
 * of one folder, an agent's data folder or its events log, with the matches that were kept.
 */
export async function eachRecord(
  context: CliContext,
  engine: OpenedEngine,
  inputs: readonly string[],
  use: RecordUse,
): Promise<RecordsRead> {
  const [only] = inputs;
  const store = inputs.length === 1 && only !== undefined ? await eventsLogOf(only) : undefined;
  return store === undefined ? readFiles(context, engine, inputs, use) : readStore(context, engine, store, use);
}

async function readFiles(
  context: CliContext,
  engine: OpenedEngine,
  files: readonly string[],
  { record: push, time, reached, all = false }: RecordUse,
): Promise<RecordsRead> {
  const records = new TileRecords(limits.dedupeRecords);
  const { events, stubs } = await inspectInputs(context, engine, {
    files,
    lists: 'split',
    cluster: '',
    nowMs: Date.now,
    use: (tile, input) => {
      const nowMs = Date.now();
      for (const { record } of records.of(tile, nowMs, all)) push(record);
      if (time) for (const timeUs of toldTimesUs(tile)) time(timeUs);
      if (tile.count > 0) reached?.(input, latestEventTimeUs(tile), nowMs * 1000);
      return Promise.resolve();
    },
  });
  return { isStored: false, events, stubs, askedOfMasked: new Set() };
}

async function readStore(
  context: CliContext,
  engine: OpenedEngine,
  directory: string,
  { record: push, time, reached }: RecordUse,
): Promise<RecordsRead> {
  const stored = new StoredMatches(engine.rules);
  let stubs = 0;
  const events = await eachStoredRecord(context, directory, (record) => {
    if (record.stubReason !== 'none') stubs++;
    if (record.eventTimeFrom !== 'received') time?.(record.eventTimeUs);
    push(stored.of(record));
    reached?.(record.context?.source ?? '', record.eventTimeUs, record.receivedAtUs);
    return Promise.resolve();
  });
  return { isStored: true, events, stubs, askedOfMasked: stored.askedOfMasked };
}
