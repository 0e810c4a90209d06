import { z } from 'zod';
import { kafkaConnectionOptions, topicOption } from './kafka-options.ts';

export const roles = ['all', 'agent', 'worker'] as const;
export type Role = (typeof roles)[number];

/** What lies between agents and workers. */
export const transportSchema = z
  .strictObject({
    type: z.literal('kafka').describe('Apache Kafka 2.1 or newer, or what speaks its protocol.'),
    ...kafkaConnectionOptions,
    topic: topicOption.default('auditveil-events').describe('Masked records of agents. Any number of partitions.'),
    matchesTopic: topicOption
      .default('auditveil-matches')
      .describe(
        'Records that rules over several events need. Its retention must be longer than twice the longest window of a rule.',
      ),
    group: z
      .string()
      .min(1)
      .max(200)
      .default('auditveil-workers')
      .describe('Consumer group of the workers; that of the matches has `.matches` behind it.'),
    sessionTimeoutMs: z
      .int()
      .min(6_000)
      .max(300_000)
      .default(30_000)
      .describe('A worker that says nothing for this long loses its partitions to the others.'),
  })
  .describe('How masked records go from agents to workers (docs/kafka.md). Used by the roles `agent` and `worker`.');

export type TransportConfig = z.output<typeof transportSchema>;
