import { z } from 'zod';
import { limits } from '../core/limits.ts';
import { hasPort, isLoopback, noPort } from './loopback.ts';
import { pathOption as path } from './names.ts';

const bound = (least: number, most: number, fallback: number) => z.int().min(least).max(most).default(fallback);

const tls = z
  .strictObject({
    certFile: path.describe('Certificate chain of the server, PEM.'),
    keyFile: path.describe('Its private key, PEM.'),
    clientCaFile: path
      .optional()
      .describe('Certificates of the authority that signs client certificates, PEM. With it a client certificate is required.'),
    allowedNames: z
      .array(z.string().min(1).max(253))
      .default([])
      .describe(
        'Common names or subject alternative names a client certificate may have; without any, every certificate of the authority.',
      ),
  })
  .describe('Without it the listener speaks plain HTTP, which needs `allowUnprotected`.');

const webhookLimits = z
  .strictObject({
    bodyBytes: bound(64 * 1024, limits.webhookBodyBytes, limits.webhookBodyBytes).describe(
      'Largest body, also after decompression; a larger one is answered 413.',
    ),
    inFlightBytes: bound(1024 * 1024, 1024 * 1024 * 1024, limits.webhookInFlightBytes).describe(
      'Events in memory and not yet in the log, of all requests together.',
    ),
    requests: bound(1, 10_000, limits.webhookRequests).describe(
      'Requests at once, of one sender three quarters of them; the next one is answered 503.',
    ),
    queueMs: bound(0, 25_000, limits.webhookQueueMs).describe('Longest wait of a request for its turn; then it is answered 503.'),
    connections: bound(1, 100_000, limits.webhookConnections).describe(
      'Connections at once. The oldest that never proved who it is makes room for a new one.',
    ),
    connectionsPerAddress: bound(1, 100_000, limits.webhookConnectionsPerAddress).describe('The same for one address.'),
    headerMs: bound(100, 120_000, limits.webhookHeaderMs).describe(
      'Time for a handshake, and for the header of a first request.',
    ),
    bodyIdleMs: bound(100, 120_000, limits.webhookBodyIdleMs).describe('Longest pause within a body.'),
    bodyBytesPerSecond: bound(0, 1024 * 1024 * 1024, limits.webhookBodyBytesPerSecond).describe(
      'Slowest body, on average after ten seconds.',
    ),
    keepAliveMs: bound(1_000, 3_600_000, limits.webhookKeepAliveMs).describe(
      'How long an idle connection is kept; longer than the 30 s between two batches of kube-apiserver.',
    ),
  })
  .prefault({})
  .describe('What one sender, or many, can take of this process.');

/** `webhook` of `sources`: its options and when they protect what is received. `name` is shared with the other sources. */
export const webhookSource = (name: z.ZodType<string>) =>
  z
    .strictObject({
      type: z
        .literal('webhook')
        .describe('Receiver for the audit webhook backend of kube-apiserver (`--audit-webhook-config-file`).'),
      name: name.default('webhook').describe('Stands in every record of this source. Unique among sources.'),
      listen: z
        .string()
        .regex(/^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]*):\d{1,5}$/, 'must be address:port')
        .refine(hasPort, noPort)
        .default('127.0.0.1:8443')
        .describe('Address and port; an IPv6 address stands in brackets. Beyond loopback it needs a client authority or tokens.'),
      path: z
        .string()
        .regex(/^\/[!-"$->@-~]*$/, 'must begin with / and hold no blanks, ? or #')
        .default('/')
        .describe('Path of the `server` URL in the kubeconfig. What follows a `?` in a request is ignored.'),
      tls: tls.optional(),
      tokenFiles: z
        .array(path)
        .default([])
        .describe('Files with bearer tokens, one a line; with any, a token is required. Several serve a rotation.'),
      allowUnprotected: z
        .boolean()
        .default(false)
        .describe(
          'Accept plain HTTP, and senders that prove nothing on any address. Whoever is on the way reads the raw events; whoever can connect can forge them.',
        ),
      limits: webhookLimits,
    })
    .superRefine((source, context) => {
      const why = unprotected(source);
      if (why !== undefined) context.addIssue({ code: 'custom', path: [why.key], message: why.message });
    })
    .describe('Receives events over HTTPS. A request is answered 200 once its events are in the log on disk (docs/webhook.md).');

interface Protection {
  readonly listen: string;
  readonly tls?: { readonly clientCaFile?: string | undefined } | undefined;
  readonly tokenFiles: readonly string[];
  readonly allowUnprotected: boolean;
}

/** Why these options would take raw events, or forged ones, from just anyone. */
function unprotected(source: Protection): { readonly key: string; readonly message: string } | undefined {
  if (source.allowUnprotected) return undefined;
  if (source.tls === undefined)
    return {
      key: 'listen',
      message: 'plain HTTP shows raw events to whoever is on the way: set `tls`, or say `allowUnprotected: true`',
    };
  if (isLoopback(source.listen) || source.tls.clientCaFile !== undefined || source.tokenFiles.length > 0) return undefined;
  return {
    key: 'listen',
    message:
      'anyone who reaches it could forge events: set `tls.clientCaFile` or `tokenFiles`, listen on 127.0.0.1, or say `allowUnprotected: true`',
  };
}
