import type { z } from 'zod';

/** One kind of sink: its options, and what its page in docs/sinks says beside them. */
export interface SinkDefinition {
  /** The same word as `type` of the options. */
  readonly type: string;
  /** What people call it: `Amazon S3 and what speaks its protocol`. */
  readonly title: string;
  /** Two or three sentences: what arrives there, and in which shape. Markdown. */
  readonly summary: string;
  /** What somebody must know before relying on it: repeats, order, sizes, what is rejected. Markdown, one line each. */
  readonly caveats: readonly string[];
  /** The entry of `sinks`, YAML, that works as it stands but for names and addresses. A test loads it. */
  readonly example: string;
  /** Variables that the example's `${env:…}` name. */
  readonly exampleEnv?: readonly string[];
  readonly options: z.ZodType;
}
