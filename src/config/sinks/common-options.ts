import { z } from 'zod';
import { severities } from '../../core/finding.ts';
import { nameOption } from '../names.ts';

/** What a sink is for decides what happens while it is away: storage is waited for, a message of last week is not worth sending. */
export type SinkPurpose = 'storage' | 'notification';

const dayMs = 86_400_000;

export interface CommonDefaults<T extends string, C extends 'events' | 'findings'> {
  readonly type: T;
  /** What it is, in a few words. */
  readonly about: string;
  readonly purpose: SinkPurpose;
  /** What it takes, the default first. */
  readonly contents: readonly [C, ...C[]];
  readonly batch: { readonly records: number; readonly bytes: number; readonly waitMs: number };
}

/**
 * The options that every sink has. Spread them into the `z.strictObject` of a sink:
 * `z.strictObject({ ...commonOptions({ … }), url: … })`. The loop in front of the sinks reads them; a sink is only given
 * records of its `content`, of its `minSeverity` and above, in batches of at most `batch.records`.
 */
export function commonOptions<const T extends string, const C extends 'events' | 'findings'>(defaults: CommonDefaults<T, C>) {
  const { type, about, purpose, contents, batch } = defaults;
  const isStorage = purpose === 'storage';
  const skipAfter = z.int().min(60_000).optional();
  return {
    type: z.literal(type).describe(about),
    name: nameOption.default(type).describe('Names the position of this sink in the log. Unique among sinks.'),
    content: z
      .enum(contents)
      .default(contents[0] as never)
      .describe(contents.length > 1 ? 'What is written: findings, or masked audit events.' : `It takes ${contents[0]} only.`),
    minSeverity: z.enum(severities).default('informational').describe('Findings below this severity are left out.'),
    heedSilences: z
      .boolean()
      .default(!isStorage)
      .describe('Findings that somebody silenced ([web](../web.md)) are left out, counted; they stay in the log.'),
    whenBehind: z
      .enum(['hold', 'skip'])
      .default(isStorage ? 'hold' : 'skip')
      .describe(
        '`hold`: nothing is deleted that this sink still needs; at the size limit events are refused until it has come on. `skip`: the log deletes what it must, the sink goes on behind it, and a finding says what it missed.',
      ),
    skipAfterMs: (isStorage ? skipAfter : skipAfter.default(dayMs)).describe(
      `Records that were received longer ago than this when the sink could have them are passed over, counted (\`auditveil_sink_records_total\`, \`skipped\`), with a finding; they stay in the log. So a sink that is down holds the log no longer than this.${isStorage ? ' Absent: none is too old.' : ''}`,
    ),
    batch: z
      .strictObject({
        records: z.int().min(1).max(100_000).default(batch.records).describe('Most records of one batch.'),
        bytes: z
          .int()
          .min(1024)
          .max(256 * 1024 * 1024)
          .default(batch.bytes)
          .describe('About this many bytes of records make a batch; one larger record is a batch of its own.'),
        waitMs: z
          .int()
          .min(0)
          .max(3_600_000)
          .default(batch.waitMs)
          .describe('How long the first record of a batch waits for more of them.'),
      })
      .prefault({})
      .describe('What is written at once.'),
  };
}
