import type { Finding } from '../core/finding.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { Backtest } from '../findings/backtest.ts';
import { createSuppression } from '../findings/suppression.ts';
import { FindingStage } from '../pipeline/finding-stage.ts';
import { identifier, type OpenedEngine } from '../pipeline/open-engine.ts';
import type { BacktestResult } from './backtest-report.ts';
import { eachRecord } from './each-record.ts';
import type { CliContext } from './output.ts';

const advanceEveryUs = 60_000_000;

/** Findings of a log, counted raw and rolled up. */
class Counting {
  readonly backtest = new Backtest();
  readonly stage: FindingStage;
  readonly #rollUp = createSuppression({ show: 'last' });
  #advancedUs = Number.NEGATIVE_INFINITY;
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

  /** Closes what is over, once in a minute of event time: that goes through everything that is open. */
  advance(nowUs: number): void {
    if (this.lastUs - this.#advancedUs < advanceEveryUs) return;
    this.#advancedUs = this.lastUs;
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
  const read = await eachRecord(context, engine, inputs, {
    record: (record) => counting.count(counting.stage.push(record)),
    time: (timeUs) => counting.at(timeUs),
    reached: (source, eventTimeUs, receivedAtUs) => {
      counting.stage.observe(source, eventTimeUs, receivedAtUs);
      counting.advance(receivedAtUs);
    },
  });
  counting.close();
  const { firstUs, lastUs, backtest, stage } = counting;
  const { events, stubs, askedOfMasked, isStored } = read;
  return {
    ...{ events, stubs, askedOfMasked, firstUs, lastUs },
    found: backtest.rules(),
    hidden: stage.hidden(),
    // Of a store the rules asked nothing: their matches were kept.
    costs: isStored ? undefined : costs,
    set: engine.rules,
  };
}
