import { z } from 'zod';
import { commonOptions } from './common-options.ts';
import { connectionOptions, urlOption } from './http-options.ts';
import { secretOptions } from './secret-option.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const pagerdutySink = {
  type: 'pagerduty',
  title: 'PagerDuty',
  summary: `Findings as events of the Events API v2. \`dedup_key\` is the id of the finding, so later revisions of it join the alert there is; an
episode that turned out to be part of another one is resolved. Severities: critical is \`critical\`, high is \`error\`, medium is
\`warning\`, the others are \`info\`.`,
  caveats: [
    'PagerDuty resolves nothing by itself: somebody closes the alert, or an automation there. A later revision of a finding whose alert was closed opens a new one.',
    'Masked values and names of objects go to a service outside; nothing raw does.',
    'PagerDuty takes about two events a second of one integration and then answers 429: the sink waits. Choose `minSeverity` so that this is not where a flood ends.',
    '`sinks test` cannot try the routing key without making an alert: it only looks whether PagerDuty can be reached.',
  ],
  example: `- type: pagerduty
  routingKey: \${env:PAGERDUTY_KEY}
  minSeverity: high
`,
  exampleEnv: ['PAGERDUTY_KEY'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'pagerduty',
        about: 'Alerts in PagerDuty.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 50, bytes: 1024 * 1024, waitMs: 500 },
      }),
      ...secretOptions('routingKey', 'Integration key of a service or a ruleset (Events API v2)'),
      url: urlOption
        .default('https://events.pagerduty.com/v2/enqueue')
        .describe('Address of the Events API; for accounts in Europe `https://events.eu.pagerduty.com/v2/enqueue`.'),
      linkUrl: urlOption.optional().describe('Link of every alert; `{id}` in it is replaced by the id of the finding.'),
      ...connectionOptions,
    })
    .refine(({ routingKey, routingKeyFile }) => (routingKey === undefined) !== (routingKeyFile === undefined), {
      path: ['routingKey'],
      message: 'set routingKey or routingKeyFile',
    })
    .describe('Sends findings to PagerDuty.'),
} as const satisfies SinkDefinition;

export type PagerdutySinkConfig = z.output<typeof pagerdutySink.options>;
