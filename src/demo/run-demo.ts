import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import type { Finding, Severity } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { openLog } from '../log/open-log.ts';
import { encodeEntries } from '../log/record-encoder.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { FindingStage } from '../pipeline/finding-stage.ts';
import { identifier, openEngine } from '../pipeline/open-engine.ts';
import { Tally } from '../pipeline/tally.ts';
import { maskActions } from '../scan/plan.ts';
import type { Reading, Readings } from '../telemetry/readings.ts';
import { findPlanted, prepareNeedles } from './find-planted.ts';
import type { PlantedSecret } from './plant.ts';
import type { Recording } from './recording.ts';
import { ReplaySource } from './replay-source.ts';

export interface DemoOptions {
  readonly recording: Recording;
  /** How much faster than recorded; `Infinity` waits for nothing. */
  readonly speed: number;
  /** An empty directory for the logs. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly stop: AbortSignal;
  /** Shows findings as they are made. Returns the text that was shown. */
  readonly show: (findings: readonly Finding[]) => Promise<string>;
  /** Told what is measured, before anything is replayed. */
  readonly watch?: (readings: DemoReadings) => void;
}

export type DemoReadings = Pick<
  Readings,
  'eventsReceived' | 'findings' | 'valuesMasked' | 'stubs' | 'requests' | 'sinkRecords' | 'sinkBreaker' | 'sinkBehindBytes'
> &
  Pick<Readings, 'logBytes' | 'lagSeconds' | 'silences'>;

export interface DemoResult {
  readonly events: number;
  readonly stubs: number;
  readonly masks: ReturnType<Tally['masks']>;
  readonly findings: ReadonlyMap<Severity, number>;
  readonly planted: number;
  /** Planted secrets that got out: none, or something is badly wrong. */
  readonly leaked: readonly PlantedSecret[];
}

/** Sixteen hex digits of a finding's id and its revision: one name for one state of one finding. */
const digestOf = (finding: Finding, identify: (text: string) => string): string =>
  (identify(`${finding.id} ${finding.revision}`) + identify(`demo ${finding.id} ${finding.revision}`)).slice(0, 32);

/** Counts findings once, whatever their revisions. */
class FindingCount {
  readonly #severities = new Map<string, Severity>();

  add(findings: readonly Finding[]): void {
    for (const { id, rule } of findings) this.#severities.set(id, rule.severity);
  }

  get bySeverity(): ReadonlyMap<Severity, number> {
    const counts = new Map<Severity, number>();
    for (const severity of this.#severities.values()) counts.set(severity, (counts.get(severity) ?? 0) + 1);
    return counts;
  }
}

/** What the replay leaves behind; every byte of it is searched. */
class Outputs {
  readonly #shown: string[] = [];

  add(text: string): void {
    this.#shown.push(text);
  }

  async search(recording: Recording, directory: string): Promise<readonly PlantedSecret[]> {
    const needles = prepareNeedles(recording.planted);
    const leaked = new Set<PlantedSecret>();
    const look = (bytes: Uint8Array): void => {
      for (const secret of findPlanted(needles, bytes)) leaked.add(secret);
    };
    look(Buffer.from(this.#shown.join(''), 'utf8'));
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) look(await readFile(path.join(entry.parentPath, entry.name)));
    }
    return [...leaked];
  }
}

/** The second half of the path: reads the events log, makes findings, keeps and shows them. */
async function openFindings(options: DemoOptions, events: SegmentLog, stage: FindingStage, identify: (text: string) => string) {
  const { clock, directory, show } = options;
  const log = await openLog({ directory: path.join(directory, 'findings'), name: 'findings', clock });
  const reader = await events.reader('findings');
  const count = new FindingCount();
  const outputs = new Outputs();
  const keep = async (findings: readonly Finding[]): Promise<void> => {
    if (findings.length === 0) return;
    const receivedAtUs = clock.nowMs() * 1000;
    await log.append(
      encodeEntries(findings.map((value) => ({ type: 'finding', value, receivedAtUs, digest: digestOf(value, identify) }))),
    );
    count.add(findings);
  };
  const publish = async (findings: readonly Finding[]): Promise<void> => {
    await keep(findings);
    if (findings.length > 0) outputs.add(await show(findings));
  };
  return {
    count,
    outputs,
    log,
    /** Everything appended so far. */
    async drain(): Promise<void> {
      for await (const batch of reader.read(options.stop, { follow: false })) {
        const found: Finding[] = [];
        for (const record of batch.records) {
          found.push(...stage.push(record));
          stage.observe('recording', record.eventTimeUs, record.receivedAtUs);
        }
        await publish(found);
        await reader.commit(batch.end);
      }
    },
    /** The last revisions go to the log; on screen they would only repeat what was shown. */
    async close(): Promise<void> {
      await keep(stage.close());
      await reader.close();
      await log.close();
    },
  };
}

/**
 * Plays the recording through the real path (scan, match, mask, log, findings) and then searches everything that came
 * out for every secret that went in.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { recording, speed, directory, keyRing, clock, wait, stop } = options;
  const engine = await openEngine({
    policy: 'standard',
    enable: [],
    keyRing,
    detect: { profile: 'default', builtIn: true, rules: [] },
  });
  const identify = identifier(keyRing);
  const stage = new FindingStage({ rules: engine.rules, identify, suppress: 'first' });
  const tally = new Tally(engine.plan.kinds, maskActions);
  const dedupe = { maxRecords: limits.dedupeRecords, windowMs: limits.dedupeWindowMs };
  const events = await openLog({ directory: path.join(directory, 'events'), name: 'events', clock, dedupe });
  const findings = await openFindings(options, events, stage, identify);
  options.watch?.(readingsOf(tally, findings.count, { events, findings: findings.log }));
  const context = { cluster: 'demo', source: 'recording', stream: 'recording' };
  const source = new ReplaySource({ events: recording.events, speed, context, wait, nowMs: () => clock.nowMs() });
  for await (const { tile, settle } of source.deliveries(stop)) {
    const masked = engine.inspector.inspect(tile);
    await events.append(masked);
    settle({ status: 'delivered' });
    tally.add(masked);
    await findings.drain();
  }
  await findings.close();
  await events.close();
  const leaked = await findings.outputs.search(recording, directory);
  const planted = prepareNeedles(recording.planted).secrets.length;
  return {
    events: tally.events,
    stubs: tally.stubs,
    masks: tally.masks(),
    findings: findings.count.bySeverity,
    planted,
    leaked,
  };
}

const none = (): readonly Reading[] => [];

function readingsOf(tally: Tally, count: FindingCount, logs: Readonly<Record<'events' | 'findings', SegmentLog>>): DemoReadings {
  return {
    eventsReceived: () => [{ value: tally.events, labels: { source: 'recording' } }],
    findings: () => [...count.bySeverity].map(([severity, value]) => ({ value, labels: { severity } })),
    valuesMasked: () => tally.masks().map(({ kind, action, count: value }) => ({ value, labels: { kind, action } })),
    stubs: () => [{ value: tally.stubs }],
    logBytes: () => Object.entries(logs).map(([log, of]) => ({ value: of.status().bytes, labels: { log } })),
    ...{ requests: none, sinkRecords: none, sinkBreaker: none, sinkBehindBytes: none, lagSeconds: none, silences: none },
  };
}
