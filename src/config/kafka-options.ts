import { z } from 'zod';
import { pathOption } from './names.ts';
import { secretOptions } from './sinks/secret-option.ts';
import { tlsOptions } from './sinks/tls-options.ts';

const address = /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+):\d{1,5}$/;

const passwordLogin = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', about: string) =>
  z.strictObject({
    mechanism: z.literal(mechanism).describe(about),
    username: z.string().min(1).describe('User name.'),
    ...secretOptions('password', 'Password'),
  });

const sasl = z
  .discriminatedUnion('mechanism', [
    passwordLogin('plain', 'User name and password as they are: only over TLS.'),
    passwordLogin('scram-sha-256', 'User name and password, which do not travel.'),
    passwordLogin('scram-sha-512', 'User name and password, which do not travel.'),
    z.strictObject({
      mechanism: z.literal('oauthbearer').describe('A token that something else renews.'),
      tokenFile: pathOption.describe('File that holds the token; read at each login.'),
    }),
  ])
  .describe('How to log in. Absent: no login, or the client certificate of `tls`.');

/** How Kafka is reached: the same for a sink and for the transport between agents and workers. */
export const kafkaConnectionOptions = {
  brokers: z
    .array(z.string().regex(address, 'must be host:port'))
    .min(1)
    .describe('`host:port` of some brokers; they name the others.'),
  clientId: z
    .string()
    .min(1)
    .max(200)
    .default('auditveil')
    .describe('How this client is called in the logs and quotas of brokers.'),
  tls: tlsOptions.optional().describe('TLS to the brokers; `{}` trusts the certificates of the system. Absent: no TLS.'),
  sasl: sasl.optional(),
  compression: z
    .enum(['none', 'gzip', 'zstd'])
    .default('gzip')
    .describe('What batches are compressed with. `zstd` needs Node.js 22.15 or newer, here and where it is read.'),
  idempotent: z
    .boolean()
    .default(false)
    .describe(
      'The broker drops what one session of the producer sends twice; needs IdempotentWrite. Repeats after an error of the network can still occur: the log sends again with a new session.',
    ),
  maxMessageBytes: z
    .int()
    .min(16 * 1024)
    .max(64 * 1024 * 1024)
    .optional()
    .describe('Largest message. Absent: what the topic says (max.message.bytes), or 1,000,000 where it may not be asked.'),
  connectTimeoutMs: z.int().min(100).max(60_000).default(5_000).describe('How long a connection and a login may take.'),
  requestTimeoutMs: z.int().min(1_000).max(300_000).default(30_000).describe('How long a broker may take to answer.'),
};

const connection = z.object(kafkaConnectionOptions);
export type KafkaConnectionConfig = z.output<typeof connection>;

/** Name of a topic. Source: Kafka, legal characters of topic names. */
export const topicOption = z
  .string()
  .regex(/^[a-zA-Z0-9._-]{1,249}$/, 'must be 1 to 249 letters, digits, dots, dashes or underscores');
