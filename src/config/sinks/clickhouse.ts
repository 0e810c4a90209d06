import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import { httpOptions, urlOption } from './http-options.ts';
import type { SinkDefinition } from './sink-definition.ts';

const identifier = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/;

export const clickhouseSink = {
  type: 'clickhouse',
  title: 'ClickHouse',
  summary:
    'Rows over HTTP, a batch in one INSERT as JSONEachRow: what is asked for most as columns, and the whole event or finding as text in `body`. The SQL of both tables is in deploy/sql; with `createTable` the sink makes its table itself.',
  caveats: [
    'What comes again is recognised twice: the same batch by its deduplication token, at once; the same event in another batch when parts are merged (ReplacingMergeTree by cluster, time and digest; findings by id, the highest revision stays). Until then a query sees both, unless it says `FINAL`.',
    'The table that is made keeps tokens of the last 1,000 batches. In a cluster, make a replicated table from the SQL and set `createTable: false`.',
    'A row that the server cannot parse is found by halving and goes to the dead letter; the others are written.',
    'Nothing is ever deleted: the SQL shows how to add a TTL.',
    'The user needs INSERT on the table, and CREATE TABLE with `createTable`.',
  ],
  example: `- type: clickhouse
  url: https://clickhouse.example.com:8443
  database: audit
  content: events
  auth: { user: auditveil, passwordFile: /var/lib/auditveil/clickhouse-password }
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'clickhouse',
        about: 'Rows in a table of ClickHouse.',
        purpose: 'storage',
        contents: ['events', 'findings'],
        batch: { records: 10_000, bytes: 8 * 1024 * 1024, waitMs: 1_000 },
      }),
      url: urlOption.describe('Address of the HTTP interface.'),
      database: z
        .string()
        .regex(identifier, 'must be a name of letters, digits and _')
        .default('default')
        .describe('Database; it must exist.'),
      table: z
        .string()
        .regex(identifier, 'must be a name of letters, digits and _')
        .optional()
        .describe('Table. Absent: `auditveil_events` or `auditveil_findings`.'),
      createTable: z.boolean().default(true).describe('Make the table where it is missing.'),
      deduplicationToken: z
        .boolean()
        .default(true)
        .describe('Send a token with each batch, by which the server knows one that comes again. Servers before 22.2 know none.'),
      format: z.enum(findingFormats).default('native').describe('Shape of findings in `body` (docs/findings.md).'),
      gzip: z.boolean().default(true).describe('Compress requests.'),
      ...httpOptions,
    })
    .describe('Inserts rows into a table. A repeat of a batch changes nothing; other repeats go when parts are merged.'),
} as const satisfies SinkDefinition;

export type ClickhouseSinkConfig = z.output<typeof clickhouseSink.options>;
