import { z } from 'zod';
import { findingFormats } from '../../core/finding.ts';
import { commonOptions } from './common-options.ts';
import type { SinkDefinition } from './sink-definition.ts';
import { tlsOptions } from './tls-options.ts';

/** Names of facilities: src/sinks/syslog/syslog-message.ts has their numbers. */
export const facilityNames = [
  ...(['user', 'daemon', 'auth', 'authpriv', 'audit', 'alert'] as const),
  ...(['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'] as const),
] as const;

const headerName = (limit: number) =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .max(limit);

export const syslogSink = {
  type: 'syslog',
  title: 'Syslog',
  summary:
    'Messages of RFC 5424 over UDP, TCP or TLS: findings as a line for people, as JSON in one of four shapes, or as CEF for SIEMs; masked events as JSON. Structured data (`auditveil@…`) carries id, rule, cluster and what the request was about.',
  caveats: [
    'Syslog has no acknowledgement. Delivered means: handed to the network. Over TCP and TLS the last `resendBytes` are sent again after a connection broke, so some messages may come twice; what a receiver took and lost by itself is lost.',
    'Over UDP nobody notices what does not arrive. Use TLS where it matters.',
    'Repeats have the same `id` and `revision`, or the same `digest`, in their structured data.',
    'A message longer than `maxMessageBytes` is cut, its structured data then says `truncated` with the whole length; JSON that was cut is no JSON any more. Let the receiver take as much (rsyslog: `global(maxMessageSize="64k")`).',
    'There is no byte order mark before the text, though it is UTF-8: receivers of JSON and CEF stumble over it.',
    'Line ends and control characters in texts become spaces (in CEF `\\n`).',
  ],
  example: `- type: syslog
  host: siem.example.com
  port: 6514
  transport: tls
  format: cef
  minSeverity: medium
`,
  options: z
    .strictObject({
      ...commonOptions({
        type: 'syslog',
        about: 'Syslog messages of RFC 5424.',
        purpose: 'storage',
        contents: ['findings', 'events'],
        batch: { records: 1_000, bytes: 256 * 1024, waitMs: 100 },
      }),
      host: z
        .string()
        .regex(/^[A-Za-z0-9._:%-]{1,253}$/, 'must be a host name or an address')
        .describe('Name or address of the receiver.'),
      port: z.int().min(1).max(65_535).optional().describe('Port. Absent: 514, with TLS 6514.'),
      transport: z.enum(['tls', 'tcp', 'udp']).default('tls').describe('TLS (RFC 5425), TCP (RFC 6587) or UDP (RFC 5426).'),
      framing: z
        .enum(['octetCounting', 'newline'])
        .default('octetCounting')
        .describe('How a message ends over TCP and TLS: its length stands in front of it, or a line feed behind it.'),
      format: z
        .enum(['text', 'cef', ...findingFormats])
        .default('text')
        .describe(
          'What a finding says: one line for people, CEF, or JSON: our own, OCSF 1.8, Falco, Elastic Common Schema. Events are JSON as they stand in the log.',
        ),
      facility: z.enum(facilityNames).default('local0').describe('Facility of all messages.'),
      hostname: headerName(255).optional().describe('`HOSTNAME` of messages. Absent: that of this machine.'),
      appName: headerName(48).default('auditveil').describe('`APP-NAME` of messages.'),
      enterpriseNumber: z
        .int()
        .min(1)
        .max(2 ** 31 - 1)
        .default(32473)
        .describe(
          'Private enterprise number in the name of the structured data; the default is the one for examples (RFC 5612).',
        ),
      maxMessageBytes: z
        .int()
        .min(480)
        .max(1024 * 1024)
        .optional()
        .describe('Longest message. Absent: 2048 over UDP, 65536 otherwise. Over UDP at most 65000.'),
      resendBytes: z
        .int()
        .min(0)
        .max(16 * 1024 * 1024)
        .default(256 * 1024)
        .describe('What was sent last and is sent again after a connection broke (TCP and TLS).'),
      timeoutMs: z
        .int()
        .min(100)
        .max(600_000)
        .default(10_000)
        .describe('Longest wait for a connection, and for the receiver to take what is sent.'),
      tls: tlsOptions.optional().describe('Certificates of the connection.'),
    })
    .refine(({ transport, maxMessageBytes }) => transport !== 'udp' || (maxMessageBytes ?? 0) <= 65_000, {
      path: ['maxMessageBytes'],
      message: 'a datagram holds at most 65000 bytes',
    })
    .describe('Sends syslog messages. What arrives is not acknowledged; over TCP and TLS some may come twice.'),
} as const satisfies SinkDefinition;

export type SyslogSinkConfig = z.output<typeof syslogSink.options>;
