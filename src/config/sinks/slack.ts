import { z } from 'zod';
import { chatOptions, hasOneUrl } from './chat-options.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const slackSink = {
  type: 'slack',
  title: 'Slack',
  summary: `Findings in a channel, through an incoming webhook of a Slack app. What comes within one window is one message: counts, the gravest
findings in full, the others by rule. Mattermost and Rocket.Chat take the same messages.`,
  caveats: [
    'Values of events are shown as plain text: they call nobody (`@here`), hold no markup and become no links; `://` is written `[:]//`.',
    'A digest does not show every finding. All of them are in the log, and in the sinks that keep things.',
    'Masked values and names of objects go to a service outside; nothing raw does.',
    'Slack knows no repeats: after an answer that got lost a message comes twice.',
  ],
  example: `- type: slack
  url: \${env:SLACK_URL}
  minSeverity: high
`,
  exampleEnv: ['SLACK_URL'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'slack',
        about: 'Messages in a Slack channel.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 1_000, bytes: 4 * 1024 * 1024, waitMs: 5_000 },
      }),
      ...chatOptions,
    })
    .refine(hasOneUrl, { path: ['url'], message: 'set url or urlFile' })
    .describe('Posts findings in a Slack channel.'),
} as const satisfies SinkDefinition;

export type SlackSinkConfig = z.output<typeof slackSink.options>;
