import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { hasPort, isLoopback, noPort } from './loopback.ts';
import { nameOption, pathOption as path } from './names.ts';

export const defaultWebListen = '127.0.0.1:8090';

const token = z
  .strictObject({
    name: nameOption.describe('Whose token it is; stands in reviews and in our own audit.'),
    role: z.enum(['auditor', 'analyst']).describe('`auditor`: reads everything. `analyst`: also reviews findings and silences.'),
    hash: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits')
      .describe('What `auditveil web token` prints beside the token. The token itself stands nowhere.'),
  })
  .describe('Somebody, or a program, that may come in.');

/** `web`: the page and the API. */
export const webSchema = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+):\d{1,5}$/, 'must be address:port')
      .refine(hasPort, noPort)
      .default(defaultWebListen)
      .describe('Address and port; an IPv6 address stands in brackets. Beyond loopback it needs `tls` and `tokens`.'),
    tls: z
      .strictObject({
        certFile: path.describe('Certificate chain of the server, PEM.'),
        keyFile: path.describe('Its private key, PEM.'),
      })
      .optional()
      .describe('Without it the server speaks plain HTTP, on loopback only.'),
    tokens: z
      .array(token)
      .max(1_000)
      .default([])
      .describe('Who may come in, besides whoever opens the link that is printed at the start.'),
    hosts: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}$/, 'must be a host name in lower case, without a port'))
      .default([])
      .describe('Further names the page is asked for by, for example behind a proxy; other names are refused.'),
    findings: z
      .int()
      .min(100)
      .max(1_000_000)
      .default(limits.webFindings)
      .describe('Findings that are known at once, the newest; each takes about 1.8 KB of memory.'),
  })
  .superRefine((web, context) => {
    const message = unprotectedWeb(web);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['listen'], message });
  })
  .describe('The page and the API of `auditveil run`, off without it ([web](web.md)).');

export type WebConfig = z.infer<typeof webSchema>;

/** Why these options would open the page to the network. */
export function unprotectedWeb({ listen, tls, tokens }: Pick<WebConfig, 'listen' | 'tls' | 'tokens'>): string | undefined {
  if (isLoopback(listen) || (tls && tokens.length > 0)) return undefined;
  const missing = [...(tls ? [] : ['`web.tls`']), ...(tokens.length > 0 ? [] : ['`web.tokens`'])].join(' and ');
  return `the page would be open to the network: ${listen} needs ${missing}; or listen on 127.0.0.1 and reach it through kubectl port-forward or SSH`;
}
