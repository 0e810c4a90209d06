import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import { secretOptions } from './secret-option.ts';
import type { SinkDefinition } from './sink-definition.ts';
import { tlsOptions } from './tls-options.ts';

export const postgresqlSink = {
  type: 'postgresql',
  title: 'PostgreSQL',
  summary:
    'Rows in a table: what is asked for most as columns, and the whole event or finding as jsonb in `body`. The SQL of both tables is in deploy/sql; with `createTable` the sink makes its table itself. PostgreSQL 12 and later.',
  caveats: [
    'What comes again changes nothing: events are told apart by cluster and digest, findings by cluster and id, where a later revision replaces an earlier one.',
    'A batch is one statement, so it is there as a whole or not at all. A row that the server refuses is found by halving and goes to the dead letter; the others are written.',
    'jsonb takes no NUL characters and no halves of surrogate pairs: both become U+FFFD. It also keeps neither the order of members nor the spelling of numbers. The log keeps the event as it was.',
    'Nothing is ever deleted from the table: partition it, or delete by `event_time`, with tools of the database.',
    'The user needs SELECT, INSERT and, for findings, UPDATE on the table; CREATE on the schema with `createTable`.',
  ],
  example: `- type: postgresql
  host: db.example.com
  database: audit
  user: auditveil
  password: "\${env:PGPASSWORD}"
  content: findings
`,
  exampleEnv: ['PGPASSWORD'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'postgresql',
        about: 'Rows in a table of PostgreSQL.',
        purpose: 'storage',
        contents: ['findings', 'events'],
        batch: { records: 1_000, bytes: 4 * 1024 * 1024, waitMs: 200 },
      }),
      host: z.string().min(1).max(253).describe('Name or address of the server, or the folder of its socket.'),
      port: z.int().min(1).max(65_535).default(5432).describe('Port of the server.'),
      database: z.string().min(1).max(63).describe('Database; it must exist.'),
      user: z.string().min(1).max(63).describe('User to connect as.'),
      ...secretOptions('password', 'Password'),
      table: z
        .string()
        .regex(
          /^[a-zA-Z_][a-zA-Z0-9_]{0,47}(?:\.[a-zA-Z_][a-zA-Z0-9_]{0,47})?$/,
          'must be a name, or schema.name, of letters, digits and _',
        )
        .optional()
        .describe('Table, with its schema or without. Absent: `auditveil_events` or `auditveil_findings`.'),
      createTable: z.boolean().default(true).describe('Make the table and its index where they are missing.'),
      format: z.enum(findingFormats).default('native').describe('Shape of findings in `body` (docs/findings.md).'),
      tls: tlsOptions
        .optional()
        .describe('Certificates of the connection. TLS is used on every connection that leaves this machine.'),
      allowUnprotected: z
        .boolean()
        .default(false)
        .describe('Connect without TLS beyond this machine where `tls` is absent: everybody on the way can read what is sent.'),
      timeoutMs: z
        .int()
        .min(100)
        .max(600_000)
        .default(30_000)
        .describe('Longest wait for one statement, the connection included.'),
    })
    .describe('Inserts rows into a table. A repeat changes nothing.'),
} as const satisfies SinkDefinition;

/** The table is always named: where it is absent, after what it holds. */
export type PostgresqlSinkConfig = Omit<z.output<typeof postgresqlSink.options>, 'table'> & { readonly table: string };

export function withTable(config: z.output<typeof postgresqlSink.options>): PostgresqlSinkConfig {
  return { ...config, table: config.table ?? `auditveil_${config.content}` };
}
