import type { Clock } from '../core/clock.ts';
import type { DedupeWindow } from './dedupe-window.ts';
import type { LogFileSystem } from './file-system.ts';
import type { Lock } from './lock-file.ts';
import type { OnLoss } from './loss-report.ts';
import type { Reserve } from './reserve-file.ts';
import type { PruneResult, TimeHold } from './retention.ts';
import type { SegmentWriter } from './segment-writer.ts';

/** The parts an open log is made of. `openLog` puts them together. */
export interface SegmentLogOptions {
  readonly directory: string;
  readonly name: string;
  readonly clock: Clock;
  readonly segmentBytes: number;
  readonly segmentAgeMs: number;
  readonly maxBytes: number;
  /** Infinite: age deletes nothing. */
  readonly maxAgeMs: number;
  /** Size deletes nothing that is younger. */
  readonly keepMs: number;
  /** Asked before anything is deleted. */
  readonly timeHolds: () => Promise<readonly TimeHold[]>;
  readonly batchBytes: number;
  readonly tickMs: number;
  readonly fs: LogFileSystem;
  readonly lock: Lock;
  readonly writer: SegmentWriter;
  readonly window: DedupeWindow | undefined;
  readonly reserve: Reserve;
  readonly onLoss: OnLoss;
  readonly onPruned: (pruned: PruneResult) => void;
  /** Counts up with each report to `onLoss`. */
  readonly losses: { readonly count: number };
}
