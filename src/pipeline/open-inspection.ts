import type { Config } from '../config/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { TileInspector } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import type { Health } from '../telemetry/health.ts';
import { EpochInspector } from './epoch-inspector.ts';
import type { ForwardingGate } from './forwarding-gate.ts';
import type { KeyFile } from './key-watch.ts';
import type { Meter } from './meter.ts';
import type { OpenedEngine } from './open-engine.ts';
import { openWorkers } from './open-workers.ts';
import type { SilenceKeeper } from './silence-keeper.ts';
import { superviseKeys } from './supervise-keys.ts';
import { superviseMasking } from './supervise-masking.ts';

export interface OpenInspectionOptions {
  readonly config: Config;
  readonly engine: OpenedEngine;
  readonly keyRing: KeyRing;
  readonly keyFile?: KeyFile;
  readonly identify: (text: string) => string;
  readonly findings: SegmentLog;
  readonly silences?: SilenceKeeper;
  readonly meter: Meter;
  readonly health: Health;
  readonly clock: Clock;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  readonly notice: (text: string) => void;
}

export interface Inspection {
  readonly inspector: TileInspector;
  readonly gate: ForwardingGate;
  readonly takeNotes: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** What tiles go through: one inspector or many, watched over by the self-test, following the key file. */
export async function openInspection(options: OpenInspectionOptions): Promise<Inspection> {
  const { config, engine, keyRing, meter, clock, notice } = options;
  if (engine.vault) engine.vault.notice = notice;
  let retest = async (): Promise<void> => undefined;
  const pool = await openWorkers(config.workers, engine, () => {
    meter.workerEnded();
    notice('a worker thread ended and was replaced; what it was looking at is inspected again');
    void retest().catch(() => undefined);
  });
  const make = pool ? (ring: KeyRing) => pool.inspectorWith(ring) : engine.inspectorWith;
  const inspector = new EpochInspector<TileInspector>({ keyRing, nowMs: clock.nowMs(), make });
  const masking = await superviseMasking({ ...options, inspector });
  retest = masking.test;
  const keys = superviseKeys({ ...options, inspector, retest });
  const stop = async (): Promise<void> => {
    masking.stop();
    await keys.stop();
    await pool?.close();
    await engine.vault?.flush();
  };
  return { inspector, gate: masking.gate, takeNotes: keys.takeNotes, stop };
}
