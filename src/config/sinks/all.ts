import { z } from 'zod';
import { alertmanagerSink } from './alertmanager.ts';
import { clickhouseSink } from './clickhouse.ts';
import { emailSink } from './email.ts';
import { falcosidekickSink } from './falcosidekick.ts';
import { fileSink } from './file.ts';
import { kafkaSink } from './kafka.ts';
import { lokiSink } from './loki.ts';
import { opensearchSink } from './opensearch.ts';
import { otlpSink } from './otlp.ts';
import { pagerdutySink } from './pagerduty.ts';
import { postgresqlSink } from './postgresql.ts';
import { s3Sink } from './s3.ts';
import { slackSink } from './slack.ts';
import { stdoutSink } from './stdout.ts';
import { syslogSink } from './syslog.ts';
import { teamsSink } from './teams.ts';
import { webhookSink } from './webhook.ts';

/** The one list of all sinks: schema, pages and checks are made from it. What makes them stands in src/registry.ts. */
// biome-ignore format: one a line, so that two who add one do not meet
export const sinkDefinitions = [
  alertmanagerSink,
  clickhouseSink,
  emailSink,
  falcosidekickSink,
  fileSink,
  kafkaSink,
  lokiSink,
  opensearchSink,
  otlpSink,
  pagerdutySink,
  postgresqlSink,
  s3Sink,
  slackSink,
  stdoutSink,
  syslogSink,
  teamsSink,
  webhookSink,
] as const;

const [first, ...others] = sinkDefinitions;

/** The options of any sink, told apart by `type`. */
export const sinkOptions = z.discriminatedUnion('type', [first.options, ...others.map(({ options }) => options)]);
