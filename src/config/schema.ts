import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { apiserverSchema } from './apiserver-schema.ts';
import { hasPort, noPort } from './loopback.ts';
import { nameOption as name, pathOption as path } from './names.ts';
import { retentionSchema } from './retention.ts';
import { routingSchema } from './routing-schema.ts';
import { sinkOptions } from './sinks/all.ts';
import { roles, transportSchema } from './transport-schema.ts';
import { vaultSchema } from './vault-schema.ts';
import { webSchema } from './web-schema.ts';
import { webhookSource } from './webhook-schema.ts';

/**
 * The one definition of every option: its type, its check, its default, its place in the JSON Schema and its line in
 * docs/config.md all come from here. Units stand last in names; paths are relative to the file that names them.
 */
const fileSource = z
  .strictObject({
    type: z.literal('file').describe('Audit log files of kube-apiserver (`--audit-log-path`), JSON lines or gzip.'),
    name: name.default('file').describe('Stands in every record of this source. Unique among sources.'),
    path: path.describe(
      'A file, or a pattern with `*` and `?` in its last part. Rotated siblings of a followed file are found by themselves.',
    ),
    startAt: z
      .enum(['checkpoint', 'beginning', 'end'])
      .default('checkpoint')
      .describe(
        '`checkpoint`: where it stopped, or the beginning the first time. `beginning`: always. `end`: where it stopped, or the end the first time.',
      ),
    follow: z.boolean().default(true).describe('Go on reading as the file grows and rotates; otherwise stop at its end.'),
    pollIntervalMs: z
      .int()
      .min(10)
      .max(60_000)
      .default(250)
      .describe('Longest wait before looking for new bytes; changes are usually noticed earlier.'),
  })
  .describe('Reads audit log files. At least once: a position is kept only for events that are in the log on disk.');

const stdinSource = z
  .strictObject({
    type: z.literal('stdin').describe('Standard input, JSON lines or gzip.'),
    name: name.default('stdin').describe('Stands in every record of this source. Unique among sources.'),
  })
  .describe('Reads standard input to its end. What was read but not yet written is lost if the process is killed.');

const masking = z
  .strictObject({
    policy: z
      .string()
      .regex(
        /^(?:secrets-only|standard|strict|.*[./\\].*)$/,
        'must be secrets-only, standard, strict or the path of a policy file',
      )
      .default('standard')
      .describe(
        '`secrets-only`: credentials. `standard`: also personal data and addresses. `strict`: also every text in request and response bodies. Or the path of a policy file ([policies](policies.md)).',
      ),
    enable: z
      .array(z.string().min(1))
      .default([])
      .describe('Kinds that are off by default and should be masked too; `all` for every kind.'),
    keyFile: path
      .optional()
      .describe('Key file made by `auditveil keys init`, readable by its owner only. `run` with a configuration requires it.'),
    keyFileGroupReadable: z
      .boolean()
      .default(false)
      .describe('Accept a key file its group may read, as Kubernetes mounts secrets where `fsGroup` is set.'),
    keepUsers: z
      .array(z.string().min(1))
      .default([])
      .describe('User names that are not pseudonymised; a `*` at the end matches any rest.'),
    packs: z
      .array(path)
      .default([])
      .describe('Own mask packs: YAML files, gitleaks TOML files, or folders of them, added to the shipped ones.'),
  })
  .prefault({})
  .describe('What is masked, and with which key.');

const detect = z
  .strictObject({
    profile: z
      .enum(['default', 'paranoid', 'hunting'])
      .default('default')
      .describe('Which of the shipped rules run: `default` is quiet, `paranoid` adds noisier ones, `hunting` all.'),
    builtIn: z.boolean().default(true).describe('Run the shipped detectors.'),
    rules: z.array(path).default([]).describe('Own rule files or folders: Sigma and Falco rules, told apart by content.'),
    lists: z
      .array(path)
      .default([])
      .describe('Files or folders of lists that rules ask for: addresses, users, images, namespaces (docs/rules.md).'),
    firstMatch: z
      .boolean()
      .default(false)
      .describe('Of the rules that match an event only the first one reports, in the order of the rule files.'),
    falcoCompat: z
      .boolean()
      .default(false)
      .describe('Falco rules read fields and compare exactly as Falco does, its mistakes included.'),
    exceptions: z
      .array(
        z.strictObject({
          rule: z.string().min(1).describe('Id, name or title of a rule or correlation.'),
          where: z.record(z.string(), z.unknown()).describe('Fields with values, as in a selection of a Sigma rule.'),
          owner: z.string().min(1).describe('Who answers for it.'),
          reason: z.string().min(1).describe('Why the findings need not be seen.'),
          expires: z.string().min(1).describe('A date or an RFC 3339 time; from then on it no longer applies.'),
        }),
      )
      .default([])
      .describe('Events that a rule need not report (docs/findings.md).'),
    exceptionFiles: z.array(path).default([]).describe('The same in files of their own, or folders of them.'),
    silenceMs: z
      .int()
      .min(0)
      .max(7 * 86_400_000)
      .default(limits.silenceMs)
      .describe(
        'A source from which nothing came for so long, or for four times its longest usual pause where that is longer, is a finding. 0: never.',
      ),
    latenessMs: z.int().min(0).max(3_600_000).default(limits.latenessMs).describe('How far out of order events may arrive.'),
  })
  .prefault({})
  .describe('Which attacks are looked for.');

const log = z
  .strictObject({
    directory: path.default('auditveil-data').describe('Folder of the logs, positions and checkpoints. One process per folder.'),
    segmentBytes: z
      .int()
      .min(64 * 1024)
      .max(1024 * 1024 * 1024)
      .default(limits.segmentBytes)
      .describe('A segment is closed when it reaches this size …'),
    segmentAgeMs: z.int().min(1_000).default(limits.segmentAgeMs).describe('… or this age.'),
    maxBytes: z
      .int()
      .min(1024 * 1024)
      .optional()
      .describe(
        'Size of each of the two logs. Beyond it the oldest closed segments are deleted, never ones a sink still needs; where that leaves no room, events are refused. Without it and `maxAgeMs` nothing is deleted.',
      ),
    maxAgeMs: z
      .int()
      .min(60_000)
      .optional()
      .describe('Closed segments whose newest record is older than this are deleted, never ones a sink still needs.'),
    retention: retentionSchema,
    sidecars: z
      .boolean()
      .optional()
      .describe(
        "Whether each closed segment of events gets a Parquet file of its events' heads beside it, about a tenth of its size, which makes questions quick ([query](query.md)). Without it: where DuckDB is installed.",
      ),
    deadLetterBytes: z
      .int()
      .min(1024 * 1024)
      .default(limits.deadLetterBytes)
      .describe(
        'Room for what one sink rejected, below `dead-letters/` (docs/sinks/README.md). Beyond it the oldest go, counted, with a finding.',
      ),
    signingKeyFile: path
      .optional()
      .describe(
        'Ed25519 key (PKCS #8, PEM, readable by its owner only) that signs digests of both logs ([proof](proof.md)). Without it one is made in the folder of the logs, its public half beside it.',
      ),
    sealEveryMs: z
      .int()
      .min(60_000)
      .max(24 * 3_600_000)
      .default(limits.sealEveryMs)
      .describe('How often the segment that takes records is sealed too. A closed one is sealed at once.'),
    verifyEveryMs: z
      .int()
      .min(60_000)
      .max(31 * 24 * 3_600_000)
      .default(limits.verifyEveryMs)
      .describe(
        'How often the agent verifies its own logs, ten minutes after its start for the first time, slowly; a difference is a finding (`auditveil.log-changed`).',
      ),
    checkpoints: z
      .strictObject({
        everyMs: z
          .int()
          .min(60_000)
          .max(7 * 24 * 3_600_000)
          .default(limits.sealEveryMs)
          .describe('How often.'),
        sinks: z
          .array(z.string())
          .min(1)
          .describe('Names of the sinks that get them: sinks of findings, whatever their `minSeverity`.'),
      })
      .optional()
      .describe(
        'Signed [checkpoints](proof.md) of both logs, as findings `auditveil.checkpoint`, for places where the agent cannot write. Off without it.',
      ),
  })
  .prefault({})
  .describe('The durable log of masked events and findings.');

const telemetry = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]*):\d{1,5}$/, 'must be address:port')
      .refine(hasPort, noPort)
      .optional()
      .describe(
        'Address and port of `/metrics`, `/livez` and `/readyz`, for example `127.0.0.1:9464`. Off without it. There is no authentication: keep it on loopback or behind a network policy.',
      ),
  })
  .prefault({})
  .describe('Metrics and health.');

export const configSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    cluster: z
      .strictObject({
        name: name.describe('Stands in every record and finding.'),
        apiservers: z
          .array(apiserverSchema)
          .min(1)
          .optional()
          .describe(
            'kube-apiservers whose counters of audit events are compared with the log every 30 s, for the page ([completeness](page.md#completeness)).',
          ),
      })
      .describe('Which cluster the events come from.'),
    sources: z
      .array(z.discriminatedUnion('type', [fileSource, stdinSource, webhookSource(name)]))
      .describe('Where events come from. Only a `worker` may have none (`[]`).'),
    masking,
    detect,
    log,
    sinks: z.array(sinkOptions).default([]).describe('Where masked events and findings go besides the log.'),
    routing: routingSchema.optional(),
    telemetry,
    web: webSchema.optional(),
    vault: vaultSchema.optional(),
    role: z
      .enum(roles)
      .default('all')
      .describe(
        '`all`: sources, detection and sinks in one process. `agent`: sources, masking and the transport. `worker`: the transport, detection and sinks. `run --role` has precedence, so both may share one file.',
      ),
    transport: transportSchema.optional(),
    workers: z
      .union([z.int().min(1).max(64), z.literal('auto')])
      .default(1)
      .describe(
        'Threads that mask and match. 1: the main thread does it. From 2 on each takes about 150 MB; `auto`: one for each processor. The output is the same.',
      ),
  })
  .describe('Configuration of `auditveil run`.');

/** A configuration with every default filled in. */
export type Config = z.infer<typeof configSchema>;
export type SourceConfig = Config['sources'][number];
export type FileSourceConfig = z.infer<typeof fileSource>;
export type WebhookSourceConfig = Extract<SourceConfig, { type: 'webhook' }>;
export type SinkConfig = Config['sinks'][number];

/** The JSON Schema (draft 2020-12) of a configuration file, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input' }) as Record<string, unknown>;
}
