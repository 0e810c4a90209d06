import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const otlpSink = {
  type: 'otlp',
  title: 'OpenTelemetry (OTLP)',
  summary: `Masked audit events, or findings, as log records over OTLP/HTTP with JSON encoding, for the OpenTelemetry Collector and whatever
else takes OTLP logs. The body is the event or finding as JSON; attributes have names of the semantic conventions where there are any
(\`user.name\`, \`client.address\`, \`k8s.namespace.name\`, \`security_rule.name\`). Event names: \`k8s.audit.event\`, \`security.finding\`.`,
  caveats: [
    'At least once: `log.record.uid` is the same for a repeat (digest of the event; id and revision of the finding).',
    'Where a collector says that it refused some records of a request it does not say which: they are not sent again, as the protocol asks, and the number is shown. If it refused all of them they go to the dead letter.',
    'A collector answers before its exporters have anything: give it a persistent queue.',
  ],
  example: `- type: otlp
  url: http://127.0.0.1:4318
  content: events
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'otlp',
        about: 'Log records over OTLP/HTTP.',
        purpose: 'storage',
        contents: ['events', 'findings'],
        batch: { records: 2_000, bytes: 2 * 1024 * 1024, waitMs: 1_000 },
      }),
      url: urlOption.describe('Address of the receiver; `/v1/logs` is added.'),
      format: z.enum(findingFormats).default('native').describe('Shape of findings in the body. Events stay as they are.'),
      headers: z
        .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header'), z.string().regex(/^[ -~]{0,1024}$/))
        .default({})
        .describe('Further headers, no secrets: those go into `auth`.'),
      gzip: z.boolean().default(true).describe('Compress requests.'),
      ...httpOptions,
    })
    .describe('Sends log records over OTLP/HTTP.'),
} as const satisfies SinkDefinition;

export type OtlpSinkConfig = z.output<typeof otlpSink.options>;
