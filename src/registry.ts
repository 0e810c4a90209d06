import type { SinkConfig, SourceConfig } from './config/schema.ts';
import type { Clock } from './core/clock.ts';
import type { Sink, Source } from './core/delivery.ts';
import type { LeftOutReason } from './core/left-out.ts';
import type { ReceiverMeter } from './core/receiver.ts';
import type { Secret } from './core/secret.ts';
import type { SinkContext } from './core/sink-context.ts';
import type { SourceGap } from './core/source-gap.ts';

/** What a component is given besides its own options. */
export interface ComponentContext {
  readonly cluster: string;
  /** Folder of the process's state; sources keep their positions below it. */
  readonly directory: string;
  readonly clock: Clock;
  /** A key of its own for one purpose, the same over rotations of the keys. */
  readonly lastingKey: (purpose: string) => Secret;
  /** Told of what is worth counting: a word of the component's own, and where. */
  readonly notice: (source: string, notice: string, where: string) => void;
  /** Told of what a source left out because it is no event. */
  readonly leftOut: (source: string, reason: LeftOutReason) => void;
  /** Told of bytes that were not read and cannot be any more; becomes a finding. */
  readonly gap: (source: string, gap: SourceGap) => void;
  /** Why events would not get into the log now; undefined where they would. */
  readonly refuses: () => string | undefined;
  /** Where a source that answers requests reports to. */
  readonly receiver: (source: string) => ReceiverMeter;
  /** How long everything in flight may take after a stop. */
  readonly graceMs: number;
  /** Tiles a source may hand over before the first of them is settled; undefined: as many as one inspector needs. */
  readonly tilesInFlight?: number;
}

/** The one list of all sources, by the `type` of their options. Loaded when used: start-up depends on it. */
export const sources: {
  readonly [T in SourceConfig['type']]: (
    config: Extract<SourceConfig, { type: T }>,
    context: ComponentContext,
  ) => Promise<Source>;
} = {
  file: async ({ name, ...options }, context) => {
    const [{ FileSource }, { gapRemedies }] = await Promise.all([
      import('./sources/file/file-source.ts'),
      import('./sources/file/gap.ts'),
    ]);
    const { cluster, directory, clock, lastingKey, notice, gap, leftOut, tilesInFlight } = context;
    return new FileSource({
      ...options,
      cluster,
      name,
      key: lastingKey('files'),
      checkpointFile: `${directory}/sources/${name}.json`,
      leftOut: (reason) => leftOut(name, reason),
      clock,
      ...(tilesInFlight !== undefined && { tilesInFlight }),
      notice: (what, where) => notice(name, what, where),
      gap: (found) => gap(name, { ...found, remedy: gapRemedies[found.kind] }),
    });
  },
  stdin: async ({ name }, { cluster, clock, leftOut, tilesInFlight }) => {
    const { StdinSource } = await import('./sources/stdin.ts');
    const limit = tilesInFlight === undefined ? {} : { tilesInFlight };
    return new StdinSource({ cluster, name, clock, stdin: process.stdin, leftOut: (reason) => leftOut(name, reason), ...limit });
  },
  webhook: async (options, { cluster, clock, notice, refuses, receiver, leftOut, graceMs }) => {
    const { WebhookSource } = await import('./sources/webhook/webhook-source.ts');
    return new WebhookSource({
      ...options,
      cluster,
      clock,
      graceMs,
      refuses,
      meter: receiver(options.name),
      leftOut: (reason) => leftOut(options.name, reason),
      notice: (what, where) => notice(options.name, what, where),
    });
  },
};

/** The one list of all sinks, by the `type` of their options (src/config/sinks/all.ts). Loaded when used. */
export const sinks: {
  readonly [T in SinkConfig['type']]: (config: Extract<SinkConfig, { type: T }>, context: SinkContext) => Promise<Sink>;
} = {
  alertmanager: async (config, context) =>
    new (await import('./sinks/alertmanager/alertmanager-sink.ts')).AlertmanagerSink(config, context),
  clickhouse: async (config, context) =>
    new (await import('./sinks/clickhouse/clickhouse-sink.ts')).ClickhouseSink(config, context),
  email: async (config, context) => new (await import('./sinks/email/email-sink.ts')).EmailSink(config, context),
  file: async (config, context) => new (await import('./sinks/file/file-sink.ts')).FileSink(config, context),
  kafka: async (config, context) => new (await import('./sinks/kafka/kafka-sink.ts')).KafkaSink(config, context),
  loki: async (config, context) => new (await import('./sinks/loki/loki-sink.ts')).LokiSink(config, context),
  opensearch: async (config, context) =>
    new (await import('./sinks/opensearch/opensearch-sink.ts')).OpensearchSink(config, context),
  stdout: async (config, context) => new (await import('./sinks/stdout/stdout-sink.ts')).StdoutSink(config, context),
  s3: async (config, context) => (await import('./sinks/s3/make-s3-sink.ts')).makeS3Sink(config, context),
  postgresql: async (config, context) => {
    const [{ PostgresqlSink }, { withTable }] = await Promise.all([
      import('./sinks/postgresql/postgresql-sink.ts'),
      import('./config/sinks/postgresql.ts'),
    ]);
    return new PostgresqlSink(withTable(config), context);
  },
  syslog: async (config, context) => (await import('./sinks/syslog/make-syslog-sink.ts')).makeSyslogSink(config, context),
  falcosidekick: async (config, context) =>
    new (await import('./sinks/falcosidekick/falcosidekick-sink.ts')).FalcosidekickSink(config, context),
  otlp: async (config, context) => new (await import('./sinks/otlp/otlp-sink.ts')).OtlpSink(config, context),
  pagerduty: async (config, context) => new (await import('./sinks/pagerduty/pagerduty-sink.ts')).PagerdutySink(config, context),
  slack: async (config, context) => new (await import('./sinks/slack/slack-sink.ts')).SlackSink(config, context),
  teams: async (config, context) => new (await import('./sinks/teams/teams-sink.ts')).TeamsSink(config, context),
  webhook: async (config, context) => new (await import('./sinks/webhook/webhook-sink.ts')).WebhookSink(config, context),
};

export function makeSource(config: SourceConfig, context: ComponentContext): Promise<Source> {
  switch (config.type) {
    case 'file':
      return sources.file(config, context);
    case 'stdin':
      return sources.stdin(config, context);
    case 'webhook':
      return sources.webhook(config, context);
  }
}

export function makeSink(config: SinkConfig, context: SinkContext): Promise<Sink> {
  const make = sinks[config.type] as (config: SinkConfig, context: SinkContext) => Promise<Sink>;
  return make(config, context);
}
