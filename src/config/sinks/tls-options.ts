import { z } from 'zod';
import { pathOption } from '../names.ts';

/** How a sink's connection is protected; the files are read by src/sinks/shared/read-tls.ts. */
export const tlsOptions = z
  .strictObject({
    caFile: pathOption.optional().describe('Certificates to trust instead of those of the system, PEM.'),
    certFile: pathOption.optional().describe('Client certificate with its chain, PEM; needs `keyFile`.'),
    keyFile: pathOption.optional().describe('Private key of the client certificate, PEM.'),
    serverName: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('Name that the certificate of the server must have, where it is another than that of the address.'),
    allowUnverified: z
      .boolean()
      .default(false)
      .describe('Accept any certificate: whoever is on the way can read and change what is sent. For a laboratory only.'),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['certFile'],
    message: 'certFile and keyFile belong together: set both or none',
  });

export type TlsConfig = z.output<typeof tlsOptions>;
