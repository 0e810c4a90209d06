import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { pathOption } from '../names.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

export const fileSink = {
  type: 'file',
  title: 'File',
  summary: 'Appends JSON lines to a file: findings in one of four shapes, or masked audit events as they stand in the log.',
  caveats: [
    'At least once: after a crash the last lines may come again. A line that was cut off is taken away at the next start.',
    'A line is never split over two files.',
    'Somebody else may rotate the file too: where it was moved away, a new one is begun.',
    'While a renamed file is compressed both are there; after a crash it stays as it was.',
    'On a full disk nothing is lost: what was written in part is cut off again, and the sink goes on once there is room.',
  ],
  example: `- type: file
  path: /var/log/auditveil/findings.jsonl
  minSeverity: medium
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'file',
        about: 'JSON lines in a file.',
        purpose: 'storage',
        contents: ['findings', 'events'],
        batch: { records: 10_000, bytes: 1024 * 1024, waitMs: 20 },
      }),
      path: pathOption.describe('File to append to, made with mode 0600.'),
      format: z
        .enum(findingFormats)
        .default('native')
        .describe(
          'Shape of findings: our own, OCSF 1.8, Falco, or Elastic Common Schema (docs/findings.md). Events stay as they are.',
        ),
      maxBytes: z
        .int()
        .min(4096)
        .default(100 * 1024 * 1024)
        .describe('The file is renamed to `.1` (and older ones moved up) when it reaches this size …'),
      maxAgeMs: z
        .int()
        .min(60_000)
        .optional()
        .describe('… or, with the first record after that, this age. Absent: age does nothing.'),
      keepFiles: z.int().min(0).max(1000).default(5).describe('Renamed files kept.'),
      compress: z
        .boolean()
        .default(false)
        .describe(
          'Renamed files are compressed with gzip (`.1.gz`); sources and commands of this program read them as they are.',
        ),
    })
    .describe('Appends JSON lines to a file. At least once: after a crash the last lines may come again.'),
} as const satisfies SinkDefinition;

export type FileSinkConfig = z.output<typeof fileSink.options>;
