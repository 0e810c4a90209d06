import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { pathOption } from '../names.ts';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import { secretOptions } from './secret-option.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const webhookSink = {
  type: 'webhook',
  title: 'HTTP webhook',
  summary: `Sends findings, or masked audit events, as JSON to an HTTP endpoint of yours: many in one request, signed if you give it a secret.

To verify a request: take \`X-Auditveil-Timestamp\` (seconds since 1970) and refuse it if it is more than 300 seconds away from your own
clock; compute HMAC-SHA-256 with the shared secret over that text, a dot and the body as it arrived (after decompression); compare the
hexadecimal digits in constant time with those after \`v1=\` in \`X-Auditveil-Signature\`, which holds several separated by commas while
a secret is being changed. Within those 300 seconds a repeat is recognised by \`Idempotency-Key\`.

\`\`\`js
import { createHmac, timingSafeEqual } from 'node:crypto';

function isGenuine(headers, body, secret, nowMs = Date.now()) {
  const seconds = headers['x-auditveil-timestamp'] ?? '';
  if (!/^\\d+$/.test(seconds) || Math.abs(nowMs / 1000 - Number(seconds)) > 300) return false;
  const wanted = createHmac('sha256', secret).update(\`\${seconds}.\`).update(body).digest();
  return (headers['x-auditveil-signature'] ?? '').split(',').some((part) => {
    const given = Buffer.from(part.replace(/^v1=/, ''), 'hex');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
\`\`\``,
  caveats: [
    'At least once: after an answer that got lost the same records come again, under the same `Idempotency-Key` where the batch is the same; findings also carry `id` and `revision`.',
    'Any 2xx is an acknowledgement. 400 and 422 split the batch until the record that is not taken is alone: it goes to the dead letter. 413 splits as well. Everything else is tried again, after `Retry-After` where the answer has one.',
    'No redirect is followed; the answer is read to 16 KiB and thrown away.',
    'Without a secret anyone who can reach your endpoint can send it findings.',
  ],
  example: `- type: webhook
  url: https://hooks.example.com/auditveil
  signingSecret: \${env:WEBHOOK_SECRET}
  minSeverity: medium
`,
  exampleEnv: ['WEBHOOK_SECRET'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'webhook',
        about: 'JSON to an HTTP endpoint of yours.',
        purpose: 'notification',
        contents: ['findings', 'events'],
        batch: { records: 100, bytes: 1024 * 1024, waitMs: 1_000 },
      }),
      url: urlOption.describe('Where to send, with its path.'),
      format: z
        .enum(findingFormats)
        .default('native')
        .describe('Shape of findings: our own, OCSF 1.8, Falco, or Elastic Common Schema (docs/findings.md).'),
      layout: z
        .enum(['array', 'lines'])
        .default('array')
        .describe('`array`: one JSON array a request. `lines`: one JSON object a line.'),
      ...secretOptions('signingSecret', 'Secret of the signature, 16 characters or more'),
      previousSecretFile: pathOption
        .optional()
        .describe('File with the secret before; while it is set, requests are signed with both.'),
      headers: z
        .record(z.string().regex(/^[A-Za-z0-9-]{1,64}$/, 'must be the name of a header'), z.string().regex(/^[ -~]{0,1024}$/))
        .default({})
        .describe('Further headers, no secrets: those go into `auth`.'),
      gzip: z.boolean().default(false).describe('Compress bodies; not every receiver takes that.'),
      ...httpOptions,
    })
    .describe('Sends JSON to an HTTP endpoint. At least once; signed with HMAC-SHA-256 where there is a secret.'),
} as const satisfies SinkDefinition;

export type WebhookSinkConfig = z.output<typeof webhookSink.options>;
