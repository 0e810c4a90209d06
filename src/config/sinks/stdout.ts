import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const stdoutSink = {
  type: 'stdout',
  title: 'Standard output',
  summary:
    'Writes JSON lines to standard output, for whatever collects the output of containers: findings in one of four shapes, or masked audit events as they stand in the log.',
  caveats: [
    'At least once: after a crash the last lines may come again.',
    'Delivered means: taken by whoever reads the output. What he does with it nobody knows.',
    'Where `run` has such a sink it shows no findings on standard output itself, unless it is told how with `-o`; what it says of itself goes to standard error.',
    'A reader that is gone does not come back: the sink takes nothing more until the agent is started again.',
  ],
  example: `- type: stdout
  minSeverity: medium
  format: ecs
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'stdout',
        about: 'JSON lines on standard output.',
        purpose: 'storage',
        contents: ['findings', 'events'],
        batch: { records: 10_000, bytes: 256 * 1024, waitMs: 20 },
      }),
      format: z
        .enum(findingFormats)
        .default('native')
        .describe(
          'Shape of findings: our own, OCSF 1.8, Falco, or Elastic Common Schema (docs/findings.md). Events stay as they are.',
        ),
    })
    .describe('Writes JSON lines to standard output.'),
} as const satisfies SinkDefinition;

export type StdoutSinkConfig = z.output<typeof stdoutSink.options>;
