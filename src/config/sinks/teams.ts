import { z } from 'zod';
import { chatOptions, hasOneUrl } from './chat-options.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const teamsSink = {
  type: 'teams',
  title: 'Microsoft Teams',
  summary: `Findings in a Teams channel or chat, as adaptive cards, through a workflow that begins with *When a Teams webhook request is
received*. What comes within one window is one card: counts, the gravest findings in full, the others by rule.`,
  caveats: [
    'Values of events stand in text runs, which Teams shows as they are: they mention nobody, hold no markup and become no links.',
    'A digest does not show every finding. All of them are in the log, and in the sinks that keep things.',
    'A workflow answers 202 before it has posted: what it loses then is not sent again. Its run history shows it.',
    'Teams takes no card beyond 28 KB: findings that would make it larger are only counted.',
    '`sinks test` cannot try the workflow without posting: it only looks whether its address answers.',
  ],
  example: `- type: teams
  urlFile: /var/lib/auditveil/teams-url
  minSeverity: high
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'teams',
        about: 'Cards in Microsoft Teams.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 1_000, bytes: 4 * 1024 * 1024, waitMs: 5_000 },
      }),
      ...chatOptions,
    })
    .refine(hasOneUrl, { path: ['url'], message: 'set url or urlFile' })
    .describe('Posts findings in Microsoft Teams.'),
} as const satisfies SinkDefinition;

export type TeamsSinkConfig = z.output<typeof teamsSink.options>;
