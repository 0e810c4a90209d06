import { z } from 'zod';
import { commonOptions } from './common-options.ts';
import { urlOption } from './http-options.ts';
import { secretOptions } from './secret-option.ts';
import type { SinkDefinition } from './sink-definition.ts';
import { tlsOptions } from './tls-options.ts';

/** An address of RFC 5321 as people write it: no name, no quotes, no comment, nothing that could end a header. */
const address = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    'must be an address such as soc@example.com',
  );

export const emailSink = {
  type: 'email',
  title: 'E-mail',
  summary:
    'Findings by e-mail, as text and as HTML. What comes within one window (`batch.waitMs`) is one message: counts, the gravest findings in full, the others by rule.',
  caveats: [
    'Delivered means: the mail server has taken the message. Whether anybody gets it is up to it.',
    'Values of events are shown as plain text: they hold no markup and become no links; `://` is written `[:]//`. None of them stands in a header, the name of the cluster excepted.',
    'A digest does not show every finding. All of them are in the log, and in the sinks that keep things.',
    'After an answer that got lost a message comes twice, with the same Message-ID.',
    'A recipient that the server refuses holds the message for all of them: it is tried again until somebody mends it, or it is too old (`skipAfterMs`).',
  ],
  example: `- type: email
  host: smtp.example.com
  port: 587
  user: auditveil
  password: "\${env:SMTP_PASSWORD}"
  from: auditveil@example.com
  to: [soc@example.com]
  minSeverity: high
`,
  exampleEnv: ['SMTP_PASSWORD'],
  options: z
    .strictObject({
      ...commonOptions({
        type: 'email',
        about: 'E-mail by SMTP.',
        purpose: 'notification',
        contents: ['findings'],
        batch: { records: 1_000, bytes: 4 * 1024 * 1024, waitMs: 60_000 },
      }),
      host: z
        .string()
        .regex(/^[A-Za-z0-9._:-]{1,253}$/, 'must be a host name or an address')
        .describe('Mail server.'),
      port: z.int().min(1).max(65_535).optional().describe('Port. Absent: 587, with `security: tls` 465.'),
      security: z
        .enum(['starttls', 'tls', 'none'])
        .default('starttls')
        .describe(
          '`starttls`: the connection is encrypted before anything is sent, or nothing is sent. `tls`: from the first byte. `none`: everybody on the way can read it.',
        ),
      user: z.string().min(1).max(254).optional().describe('User of the mail server; absent: it wants none.'),
      ...secretOptions('password', 'Password of that user'),
      from: address.describe('Address of the sender.'),
      to: z.array(address).min(1).max(50).describe('Recipients.'),
      subjectPrefix: z
        .string()
        .max(60)
        .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must be printable')
        .default('[Auditveil]')
        .describe('What subjects begin with.'),
      details: z.int().min(1).max(100).default(20).describe('Findings that one message shows in full, the gravest first.'),
      updates: z.boolean().default(false).describe('Also tell of later revisions of a finding, not only of the first.'),
      messageIntervalMs: z
        .int()
        .min(0)
        .max(3_600_000)
        .default(60_000)
        .describe('Shortest time between two messages. What gathers meanwhile is one message.'),
      linkUrl: urlOption.optional().describe('Link beside each finding; `{id}` in it is replaced by the id of the finding.'),
      timeoutMs: z
        .int()
        .min(100)
        .max(600_000)
        .default(30_000)
        .describe('Longest wait for the connection, and for the server to take a message.'),
      tls: tlsOptions.optional().describe('Certificates of the connection.'),
    })
    .refine(
      ({ user, password, passwordFile }) => (user === undefined) === (password === undefined && passwordFile === undefined),
      {
        path: ['user'],
        message: 'user and password belong together: set both or none',
      },
    )
    .describe('Sends findings by e-mail, gathered to digests.'),
} as const satisfies SinkDefinition;

export type EmailSinkConfig = z.output<typeof emailSink.options>;
