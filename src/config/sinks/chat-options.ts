import { z } from 'zod';
import { connectionOptions, urlOption } from './http-options.ts';
import { secretOptions } from './secret-option.ts';

/** What sinks for chat rooms can be told; the address is the secret there. */
export const chatOptions = {
  ...secretOptions('url', 'Address of the incoming webhook, which is a secret: whoever has it can post'),
  details: z
    .int()
    .min(1)
    .max(20)
    .default(5)
    .describe('Findings that one message shows in full, the gravest first; of more there are only counts by rule.'),
  updates: z
    .boolean()
    .default(false)
    .describe('Also tell of later revisions of a finding (the same episode going on), not only of the first.'),
  messageIntervalMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(2_000)
    .describe('Shortest time between two messages. What gathers meanwhile is one message.'),
  linkUrl: urlOption.optional().describe('Link beside each finding; `{id}` in it is replaced by the id of the finding.'),
  ...connectionOptions,
};

export const hasOneUrl = ({ url, urlFile }: { readonly url?: unknown; readonly urlFile?: unknown }): boolean =>
  (url === undefined) !== (urlFile === undefined);

const chatConfig = z.strictObject(chatOptions);
export type ChatConfig = z.output<typeof chatConfig>;
