import type { ApiserverWatch } from '../apiserver/apiserver-watch.ts';
import type { Config } from '../config/schema.ts';
import type { ApiserverCounts } from '../core/apiserver-counts.ts';
import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { LeftOutReason } from '../core/left-out.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { holderKind } from '../log/retention.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { type ComponentContext, makeSink, makeSource } from '../registry.ts';
import { RouteTree } from '../routing/route-tree.ts';
import { maskActions } from '../scan/plan.ts';
import { Health } from '../telemetry/health.ts';
import type { Readings, WebReadings } from '../telemetry/readings.ts';
import type { Engine } from './compose-engine.ts';
import { expectCounts } from './expected-counts.ts';
import type { ForwardingGate } from './forwarding-gate.ts';
import { gapFinding } from './gap-finding.ts';
import type { KeyFile } from './key-watch.ts';
import { letSinksGo } from './let-sinks-go.ts';
import { engineOf } from './load-setup.ts';
import { Meter } from './meter.ts';
import { identifier, type OpenedEngine } from './open-engine.ts';
import { openInspection } from './open-inspection.ts';
import { openLogs } from './open-logs.ts';
import { openSealing } from './open-sealing.ts';
import { openSidecars } from './open-sidecars.ts';
import { openStage } from './open-stage.ts';
import { transportParts } from './open-transport.ts';
import { tilesInFlight, workerCount } from './open-workers.ts';
import type { PipelineParts } from './run-pipeline.ts';
import type { OwnFindingPlace } from './say-findings.ts';
import { SilenceKeeper } from './silence-keeper.ts';
import { sinkContext } from './sink-context.ts';
import { describeSkipped, skipFinding } from './skip-finding.ts';
import { LossSupervision } from './supervise-losses.ts';
import { RejectionSupervision } from './supervise-rejections.ts';
import { SourceSupervision } from './supervise-sources.ts';

export interface OpenPipelineOptions {
  readonly config: Config;
  readonly keyRing: KeyRing;
  /** What was composed from the configuration before; absent: it is composed now. */
  readonly engine?: OpenedEngine;
  /** Where the keys came from; looked at again for new epochs. Absent: they do not change. */
  readonly keyFile?: KeyFile;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  /** What the page beside it measures. */
  readonly web?: WebReadings;
  /** Told of what a person should see: rotations found late, damaged parts of a log. */
  readonly notice: (text: string) => void;
}

/** A configuration made into parts that run. */
export interface OpenPipeline {
  readonly parts: PipelineParts;
  readonly engine: Engine;
  readonly health: Health;
  /** What is measured. */
  readonly readings: Readings;
  /** What kube-apiservers counted, where the configuration names some and there is a page to show it. */
  readonly apiservers: () => readonly ApiserverCounts[];
  /** Takes up the notes that wait in the data folder now, not within seconds. */
  readonly takeNotes: () => Promise<void>;
  /** The telemetry server, where the configuration asks for one, and its address. */
  readonly telemetryAddress: string | undefined;
  close(): Promise<void>;
}

/** Opens logs, engine, sources and sinks. @throws Fault or Faults that say what to change */
export async function openPipeline(options: OpenPipelineOptions): Promise<OpenPipeline> {
  const { config, keyRing, clock, graceMs, found } = options;
  const engine = options.engine ?? (await engineOf(options));
  const identify = identifier(keyRing);
  const meter = expectCounts(new Meter(engine.plan.kinds, maskActions), { rules: engine.rules.infos, sinks: config.sinks });
  const losses = new LossSupervision({ ...options, identify, meter });
  const { events, findings } = await openLogs(options, losses);
  const health = logHealth({ events, findings });
  const silences = await SilenceKeeper.open(config.log.directory, clock);
  const own = { engine, identify, findings, silences, meter, health };
  const { inspector, gate, takeNotes, stop } = await openInspection({ ...options, ...own });
  const watching = new SourceSupervision({ ...options, identify, findings, meter });
  const counting = await countingOf(options, meter);
  const place = (): OwnFindingPlace => ({ cluster: config.cluster.name, nowMs: clock.nowMs(), identify });
  const rejecting = new RejectionSupervision({ config, clock, place, add: (finding, text) => losses.add(finding, text) });
  const sealing = openSealing({ ...options, logs: { events, findings }, losses, place });
  const sidecars = openSidecars({ ...options, log: events });
  const over = new AbortController();
  const close = async (): Promise<void> => {
    over.abort();
    for (const part of [watching, counting]) part?.stop();
    await stop();
    await rejecting.close();
    await losses.stop();
    for (const part of [sealing, sidecars]) await part.stop();
    for (const log of [findings, events]) await log.close();
  };
  try {
    await losses.begin(findings);
    for (const part of [watching, counting]) part?.start();
    const { stage, state, resumeAt } = await openStage({ ...options, rules: engine.rules, identify });
    const sinks = await makeSinks(options, over.signal);
    const transport = { meter, place, identify, finding: losses.add.bind(losses) };
    const parts: PipelineParts = {
      sources: await openSources(options, meter, () => refusal(events, gate), sayGap(losses, place)),
      ...{ sinks, silences: silences.book, routes: config.routing && new RouteTree(config.routing) },
      ...{ inspector, stage, events, findings, state, resumeAt, meter, clock, identify, found, graceMs },
      ...{ gate, notice: options.notice, random: Math.random, rejected: rejecting.keep },
      skipped: (sink, skipped) => losses.add(skipFinding(sink, skipped, place()), describeSkipped(sink, skipped)),
      endsByItself: endsByItself(config),
      ...(await transportParts({ ...options, ...transport, sinks, rules: engine.rules })),
    };
    await letSinksGo(parts.sinks, config.log.directory, options.notice);
    if (config.role === 'worker') health.add('transport', () => meter.transport.problem());
    const readings: Readings = { ...meter.readings({ events, findings }, stage), ...watching.readings(), ...vaultOf(engine) };
    const telemetry = await startTelemetry(config, options.web ? { ...readings, web: options.web } : readings, health);
    return {
      ...{ parts, engine, health, readings, takeNotes, apiservers: () => counting?.counts() ?? [] },
      telemetryAddress: telemetry?.address,
      close: async () => {
        await telemetry?.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function countingOf({ config, clock }: OpenPipelineOptions, meter: Meter): Promise<ApiserverWatch | undefined> {
  const { cluster, sources, web } = config;
  if (!cluster.apiservers || !web) return undefined;
  const watch = await import('../apiserver/apiserver-watch.ts');
  const stored = (source: string): number => meter.stored(source);
  return new watch.ApiserverWatch({ apiservers: cluster.apiservers, sources: sources.map(({ name }) => name), stored, clock });
}

/** A worker has no sources of its own, and no end. */
function endsByItself({ sources }: Config): boolean {
  return sources.length > 0 && sources.every((source) => source.type === 'stdin' || (source.type === 'file' && !source.follow));
}

async function makeSinks({ config, clock, notice }: OpenPipelineOptions, signal: AbortSignal): Promise<PipelineParts['sinks']> {
  if (config.sinks.length === 0) return [];
  const common = await sinkContext({ cluster: config.cluster.name, clock, signal, notice });
  return Promise.all(
    config.sinks.map(async (sink) => {
      const { name, content, minSeverity, heedSilences, whenBehind, skipAfterMs, batch } = sink;
      const checkpoints = config.log.checkpoints?.sinks.includes(name) ?? false;
      const context = { ...common, notice: (text: string) => notice(`sink ${name}: ${text}`) };
      return {
        ...{ name, content, minSeverity, heedSilences, checkpoints, whenBehind, skipAfterMs, batch },
        sink: await makeSink(sink, context),
      };
    }),
  );
}

function fullText(log: SegmentLog): string | undefined {
  const { full, heldBy } = log.status();
  if (!full) return undefined;
  const kept = heldBy.filter((name) => holderKind(name) !== 'reader');
  return kept.length === 0 ? 'it is full' : `it is full, and kept by ${kept.join(', ')}`;
}

function logHealth(logs: Readonly<Record<'events' | 'findings', SegmentLog>>): Health {
  const health = new Health();
  for (const [name, log] of Object.entries(logs)) health.add(`${name} log`, () => fullText(log));
  return health;
}

/** A gap becomes a finding, and is said to people. */
function sayGap(losses: LossSupervision, place: () => OwnFindingPlace): ComponentContext['gap'] {
  return (source, gap) => {
    const finding = gapFinding(gap, { ...place(), source });
    losses.add(finding, `source ${source}: ${gap.path} has a gap from byte ${gap.from} on (${gap.kind}). ${gap.remedy}`);
  };
}

/** Why events would not get into the log now. */
function refusal(events: SegmentLog, gate: ForwardingGate): string | undefined {
  if (gate.problem !== undefined) return 'not-ready';
  return events.status().full ? 'log-full' : undefined;
}

async function openSources(
  { config, keyRing, clock, notice, graceMs }: OpenPipelineOptions,
  meter: Meter,
  refuses: () => string | undefined,
  gap: ComponentContext['gap'],
) {
  const workers = workerCount(config.workers);
  const context = {
    ...(workers > 1 && { tilesInFlight: tilesInFlight(workers) }),
    graceMs,
    refuses,
    gap,
    leftOut: (source: string, reason: LeftOutReason) => meter.leftOut(source, reason),
    receiver: (source: string) => meter.receiver(source),
    cluster: config.cluster.name,
    directory: config.log.directory,
    clock,
    lastingKey: (purpose: string) => keyRing.deriveLasting(purpose),
    notice: (source: string, what: string, where: string) => {
      meter.noticed(source, what);
      if (what !== 'rotated') notice(`source ${source}: ${what} (${where})`);
    },
  };
  return Promise.all(config.sources.map(async (source) => ({ name: source.name, source: await makeSource(source, context) })));
}

const vaultOf = ({ vault }: OpenedEngine): Pick<Readings, 'vault'> => (vault ? { vault: () => vault.readings() } : {});

async function startTelemetry(config: Config, readings: Readings, health: Health) {
  const { listen } = config.telemetry;
  if (listen === undefined) return undefined;
  const { TelemetryServer } = await import('../telemetry/telemetry-server.ts');
  const server = new TelemetryServer({ listen, readings, health });
  return { address: await server.start(), close: () => server.close() };
}
