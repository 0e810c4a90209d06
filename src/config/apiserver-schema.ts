import { z } from 'zod';
import { nameOption, pathOption } from './names.ts';
import { tlsOptions } from './sinks/tls-options.ts';

/** `cluster.apiservers`: kube-apiservers whose own counters are compared with the log. */
export const apiserverSchema = z
  .strictObject({
    name: nameOption.describe('Stands on the page. Unique among them.'),
    metrics: z
      .url({ protocol: /^https?$/, error: 'must be a URL, for example https://192.0.2.10:6443/metrics' })
      .describe('Its own page of metrics: not that of a load balancer before several.'),
    sources: z
      .array(nameOption)
      .min(1)
      .optional()
      .describe('Names of the sources that its events come by. All of them, where it is not set.'),
    tokenFile: pathOption
      .optional()
      .describe(
        'Bearer token of a user who may `get` /metrics (deploy/kubernetes/metrics-reader.yaml); read anew each time, sent over https only.',
      ),
    tls: tlsOptions.optional().describe('How the connection is protected.'),
  })
  .describe('A kube-apiserver.');

export type ApiserverConfig = z.infer<typeof apiserverSchema>;
