import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const lokiSink = {
  type: 'loki',
  title: 'Grafana Loki',
  summary: `Masked audit events, or findings, as log lines of Loki, with their event time. Labels: \`service_name\`, \`cluster\`, \`content\`,
\`severity\` of findings, \`access\` (read or write) of events, and your own. What has many values (verb, resource, namespace, user, rule,
audit ID) is structured metadata: \`{service_name="auditveil"} | verb="delete" | json\`.`,
  caveats: [
    'A repeat changes nothing: Loki keeps one of two equal lines of one time and stream.',
    'Loki refuses what is too old for it (`reject_old_samples_max_age`, 7 days at first) or too long (`max_line_size`, 256 KB at first): that goes to the dead letter.',
    'Out of order is taken within the last hour of a stream (half of `max_chunk_age`), which late events rarely exceed.',
    'Structured metadata needs Loki 3.0, or 2.9 with `allow_structured_metadata`; set `structuredMetadata: false` for older ones.',
  ],
  example: `- type: loki
  url: https://loki.example.com
  content: events
  auth:
    user: auditveil
    password: \${env:LOKI_PASSWORD}
`,
  exampleEnv: ['LOKI_PASSWORD'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'loki',
        about: 'Log lines in Grafana Loki.',
        purpose: 'storage',
        contents: ['events', 'findings'],
        batch: { records: 5_000, bytes: 2 * 1024 * 1024, waitMs: 1_000 },
      }),
      url: urlOption.describe('Address of Loki; `/loki/api/v1/push` is added.'),
      tenant: z
        .string()
        .regex(/^[A-Za-z0-9!._*'()-]{1,150}$/, 'must be the name of a tenant')
        .optional()
        .describe('Tenant, sent as `X-Scope-OrgID`.'),
      labels: z
        .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'must be a label name'), z.string().min(1).max(256))
        .default({})
        .describe('Labels of yours for every line.'),
      format: z.enum(findingFormats).default('native').describe('Shape of findings. Events stay as they are.'),
      structuredMetadata: z.boolean().default(true).describe('Send structured metadata beside each line.'),
      gzip: z.boolean().default(true).describe('Compress requests.'),
      ...httpOptions,
    })
    .describe('Pushes lines to Grafana Loki.'),
} as const satisfies SinkDefinition;

export type LokiSinkConfig = z.output<typeof lokiSink.options>;
