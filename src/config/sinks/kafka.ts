import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { kafkaConnectionOptions, topicOption } from '../kafka-options.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const kafkaSink = {
  type: 'kafka',
  title: 'Apache Kafka',
  summary:
    'One message for each masked event or finding, JSON, for whoever reads Kafka. Events have the key `cluster/auditID` and the headers `type`, `cluster` and `digest`; findings have their id as key. The partition of a key is the one that Kafka’s own clients choose. (Between our own agents and workers lies another form: docs/kafka.md.)',
  caveats: [
    'At least once: after an error of the network or a crash messages may come again. Events are the same again by the header `digest`, findings by id and revision.',
    'Order is kept within a partition, also over retries: so all stages of a request and all revisions of a finding are in order.',
    'Every write waits for all in-sync replicas (`acks=all`); with fewer than `min.insync.replicas` nothing is lost, it waits in the log.',
    'An event larger than the topic takes goes to the dead letter: raise `max.message.bytes` of the topic.',
    'A failed write asks again how many partitions the topic has; one that is enlarged meanwhile moves keys, as with every producer.',
    'The topic must exist: it is not made.',
  ],
  example: `- type: kafka
  brokers: [kafka-1.example.com:9093, kafka-2.example.com:9093]
  topic: audit-findings
  tls: {}
  sasl:
    mechanism: scram-sha-512
    username: auditveil
    password: \${env:KAFKA_PASSWORD}
`,
  exampleEnv: ['KAFKA_PASSWORD'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'kafka',
        about: 'A topic of Apache Kafka, or of what speaks its protocol.',
        purpose: 'storage',
        contents: ['findings', 'events'],
        batch: { records: 5_000, bytes: 4 * 1024 * 1024, waitMs: 20 },
      }),
      topic: topicOption.describe('Topic to write to.'),
      format: z
        .enum(findingFormats)
        .default('native')
        .describe('Shape of findings: our own, OCSF 1.8, Falco, or Elastic Common Schema (docs/findings.md).'),
      ...kafkaConnectionOptions,
    })
    .describe('Writes masked events or findings to a topic.'),
} as const satisfies SinkDefinition;

export type KafkaSinkConfig = z.output<typeof kafkaSink.options>;
