import { z } from 'zod';
import { Secret } from '../../core/secret.ts';
import { pathOption } from '../names.ts';

/** A password, token or secret URL. It is opaque from here on: it never prints. */
export const secretOption = z
  .string()
  .min(1)
  .transform((text) => new Secret(Buffer.from(text)));

/**
 * Two options for one secret: `token: ${env:TOKEN}`, or `tokenFile:` for a file that holds it. Spread them:
 * `...secretOptions('token', 'Bearer token')`. src/sinks/shared/read-secret.ts reads whichever is set.
 */
export function secretOptions<const N extends string>(name: N, about: string) {
  const options = {
    [name]: secretOption.optional().describe(`${about}; as \`\${env:NAME}\`, so that it does not stand in the file.`),
    [`${name}File`]: pathOption
      .optional()
      .describe(`File that holds it (white space around it is cut off); read again where the server refuses it.`),
  };
  return options as { readonly [K in N]: z.ZodOptional<typeof secretOption> } & {
    readonly [K in `${N}File`]: z.ZodOptional<z.ZodString>;
  };
}
