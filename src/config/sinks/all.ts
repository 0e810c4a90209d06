import { z } from 'zod';
import { alertmanagerSink } from './alertmanager.ts';
import { fileSink } from './file.ts';
import { kafkaSink } from './kafka.ts';
import { opensearchSink } from './opensearch.ts';
import { s3Sink } from './s3.ts';
import { syslogSink } from './syslog.ts';
import { webhookSink } from './webhook.ts';

/** The one list of all sinks: schema, pages and checks are made from it. What makes them stands in src/registry.ts. */
export const sinkDefinitions = [alertmanagerSink, fileSink, kafkaSink, opensearchSink, s3Sink, syslogSink, webhookSink] as const;

const [first, ...others] = sinkDefinitions;

/** The options of any sink, told apart by `type`. */
export const sinkOptions = z.discriminatedUnion('type', [first.options, ...others.map(({ options }) => options)]);
