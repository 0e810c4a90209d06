import { z } from 'zod';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const alertmanagerSink = {
  type: 'alertmanager',
  title: 'Prometheus Alertmanager',
  summary: `Findings as alerts (API v2, Alertmanager 0.16 and later). Labels: \`alertname\` (name of the rule), \`rule_id\`, \`severity\`,
\`cluster\`, \`namespace\`, and your own; who did what to what stands in annotations. Where you have several Alertmanagers of one
cluster, name all of them: each alert goes to each, and counts as delivered once one has taken it.`,
  caveats: [
    'Labels are what Alertmanager tells alerts apart by. Findings of one rule, severity and namespace are one alert there, whose annotations tell of the last of them; with `perFinding` each finding is an alert of its own.',
    'An alert ends `resolveAfterMs` after it was last sent: audit events have no end that could be observed. With `perFinding` that of an episode which turned out to be part of another one ends at once.',
    'Alertmanager keeps alerts in memory: what it forgets when it is restarted is not sent again.',
    'Severities are those of the rules (informational to critical); map them in the routes of Alertmanager.',
  ],
  example: `- type: alertmanager
  urls: [http://127.0.0.1:9093]
  minSeverity: high
  labels: { team: platform-security }
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'alertmanager',
        about: 'Alerts in Prometheus Alertmanager.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 200, bytes: 1024 * 1024, waitMs: 1_000 },
      }),
      urls: z
        .array(urlOption)
        .min(1)
        .max(16)
        .describe('Addresses of all Alertmanagers of one cluster, with a path where they have one (`--web.route-prefix`).'),
      labels: z
        .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/, 'must be a label name'), z.string().min(1).max(256))
        .default({})
        .describe('Labels of yours for every alert, for routes.'),
      perFinding: z
        .boolean()
        .default(false)
        .describe('Each finding is an alert of its own: one more label, `finding_id`, with many values.'),
      resolveAfterMs: z
        .int()
        .min(60_000)
        .max(7 * 86_400_000)
        .default(3_600_000)
        .describe('How long an alert lasts after it was last sent.'),
      generatorUrl: urlOption
        .optional()
        .describe('Link of every alert, `{id}` in it is replaced by the id of the finding: `https://siem.example.com/f/{id}`.'),
      ...httpOptions,
    })
    .describe('Sends findings as alerts to Prometheus Alertmanager.'),
} as const satisfies SinkDefinition;

export type AlertmanagerSinkConfig = z.output<typeof alertmanagerSink.options>;
