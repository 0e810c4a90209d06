import { z } from 'zod';
import { secretOptions } from './secret-option.ts';
import { tlsOptions } from './tls-options.ts';

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'must be the name of a header');

const kinds = [
  ['token', 'tokenFile'],
  ['password', 'passwordFile'],
  ['value', 'valueFile'],
] as const;

/** How a sink over HTTP says who it is. */
const authOptions = z
  .strictObject({
    ...secretOptions('token', 'Bearer token'),
    user: z.string().min(1).max(256).optional().describe('User of basic authentication.'),
    ...secretOptions('password', 'Password of basic authentication'),
    header: headerName.optional().describe('Header of another kind of authentication, for example `X-Api-Key`.'),
    ...secretOptions('value', 'Value of that header'),
  })
  .superRefine((auth, context) => {
    const given = kinds.filter((names) => names.some((name) => auth[name] !== undefined));
    const complain = (message: string) => context.addIssue({ code: 'custom', message });
    if (given.length !== 1) complain('set one of token, password and value, or its file');
    if (kinds.some((names) => names.every((name) => auth[name] !== undefined))) complain('set a secret or its file, not both');
    if ((auth.user !== undefined) !== (given[0]?.[0] === 'password')) complain('user and password belong together');
    if ((auth.header !== undefined) !== (given[0]?.[0] === 'value')) complain('header and value belong together');
  })
  .optional()
  .describe('How the sink says who it is: a bearer token, user and password, or a header of its own.');

/** An address a sink sends to: parses, names no user, and is http or https. */
export const urlOption = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:\/\/[^/]/i.test(text), 'must be an https or http address')
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '',
    'user and password go into `auth`',
  );

/** What every sink over HTTP can be told besides where to send; spread it into its `z.strictObject`. */
export const connectionOptions = {
  tls: tlsOptions.optional().describe('How the connection is protected.'),
  allowUnprotected: z
    .boolean()
    .default(false)
    .describe(
      'Plain HTTP also beyond this machine: whoever is on the way reads the masked records, and the credentials of this sink.',
    ),
  connectTimeoutMs: z.int().min(100).max(120_000).default(10_000).describe('Longest wait for a connection, TLS included.'),
  answerTimeoutMs: z.int().min(100).max(600_000).default(30_000).describe('Longest wait for a whole answer.'),
};

export const httpOptions = { ...connectionOptions, auth: authOptions };

const httpConfig = z.strictObject(httpOptions);
export type HttpConfig = z.output<typeof httpConfig>;
