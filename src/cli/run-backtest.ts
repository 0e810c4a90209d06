import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import { type MaskedRecord, recordFlags } from '../core/record.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { Backtest } from '../findings/backtest.ts';
import { createSuppression } from '../findings/suppression.ts';
import { FindingStage } from '../pipeline/finding-stage.ts';
import { identifier, type OpenedEngine } from '../pipeline/open-engine.ts';
import { StoredMatches } from '../pipeline/stored-matches.ts';
import { latestEventTimeUs, TileRecords, toldTimesUs } from '../pipeline/tile-records.ts';
import type { BacktestResult } from './backtest-report.ts';
import { inspectInputs } from './inspect-inputs.ts';
import { eventsLogOf } from './open-store.ts';
import type { CliContext } from './output.ts';
import { eachStoredRecord } from './stored-records.ts';

/** Findings of a log, counted raw and rolled up. */
class Counting {
  readonly backtest = new Backtest();
  readonly stage: FindingStage;
  readonly #rollUp = createSuppression({ show: 'last' });
  firstUs = Number.POSITIVE_INFINITY;
  lastUs = Number.NEGATIVE_INFINITY;

  constructor(engine: OpenedEngine, keyRing: KeyRing) {
    this.stage = new FindingStage({ rules: engine.rules, identify: identifier(keyRing) });
  }

  count(findings: readonly Finding[]): void {
    for (const finding of findings) {
      this.backtest.found(finding);
      for (const left of this.#rollUp.offer(finding)) this.backtest.shown(left);
    }
  }

  at(timeUs: number): void {
    this.firstUs = Math.min(this.firstUs, timeUs);
    this.lastUs = Math.max(this.lastUs, timeUs);
  }

  advance(nowUs: number): void {
    this.count(this.stage.advance(nowUs));
    for (const left of this.#rollUp.advance(this.lastUs / 1000)) this.backtest.shown(left);
  }

  close(): void {
    this.count(this.stage.close());
    for (const left of this.#rollUp.close()) this.backtest.shown(left);
  }
}

export interface BacktestChoice {
  readonly engine: OpenedEngine;
  readonly keyRing: KeyRing;
  /** Files of events, `-` or none for standard input; or one folder: an agent's data folder or its events log. */
  readonly inputs: readonly string[];
}

/** Runs the rules of an engine over a log and counts what they find and cost. Nothing raw leaves. */
export async function runBacktest(context: CliContext, { engine, keyRing, inputs }: BacktestChoice): Promise<BacktestResult> {
  const costs = engine.rules.matcher.measure?.();
  const counting = new Counting(engine, keyRing);
  const [only] = inputs;
  const store = inputs.length === 1 && only !== undefined ? await eventsLogOf(only) : undefined;
  const read =
    store === undefined ? await readFiles(context, engine, inputs, counting) : await readStore(context, engine, store, counting);
  counting.close();
  const { firstUs, lastUs, backtest, stage } = counting;
  return { ...read, firstUs, lastUs, found: backtest.rules(), hidden: stage.hidden(), costs, set: engine.rules };
}

type Read = Pick<BacktestResult, 'events' | 'stubs' | 'askedOfMasked'>;

async function readFiles(context: CliContext, engine: OpenedEngine, files: readonly string[], counting: Counting): Promise<Read> {
  const records = new TileRecords(limits.dedupeRecords);
  const { tally } = await inspectInputs(context, engine, {
    files,
    lists: 'split',
    cluster: '',
    nowMs: Date.now,
    use: (tile, input) => {
      const nowMs = Date.now();
      for (const { record } of records.of(tile, nowMs)) push(counting, record);
      for (const timeUs of toldTimesUs(tile)) counting.at(timeUs);
      if (tile.count > 0) counting.stage.observe(input, latestEventTimeUs(tile), nowMs * 1000);
      counting.advance(nowMs * 1000);
      return Promise.resolve();
    },
  });
  return { events: tally.events, stubs: tally.stubs, askedOfMasked: new Set() };
}

async function readStore(context: CliContext, engine: OpenedEngine, directory: string, counting: Counting): Promise<Read> {
  const stored = new StoredMatches(engine.rules);
  let stubs = 0;
  const events = await eachStoredRecord(context, directory, (record) => {
    if ((record.flags & recordFlags.stub) !== 0) stubs++;
    if (record.eventTimeFrom !== 'received') counting.at(record.eventTimeUs);
    push(counting, stored.of(record));
    counting.stage.observe(record.context?.source ?? '', record.eventTimeUs, record.receivedAtUs);
    return Promise.resolve();
  });
  return { events, stubs, askedOfMasked: stored.askedOfMasked };
}

function push(counting: Counting, record: MaskedRecord): void {
  counting.count(counting.stage.push(record));
}
