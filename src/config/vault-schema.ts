import { z } from 'zod';
import { pathOption } from './names.ts';

/** Originals of pseudonyms, sealed to the incident team. */
export const vaultSchema = z
  .strictObject({
    recipientsFile: pathOption.describe(
      'Public keys of the incident team (`age1…`), one a line. The private half must not be on this machine.',
    ),
    approversFile: pathOption.describe(
      'Ed25519 public keys (PEM, one after another) of those who may approve that originals are looked at.',
    ),
    maxBytes: z
      .int()
      .min(1024 * 1024)
      .default(256 * 1024 * 1024)
      .describe('Beyond it the oldest originals are deleted.'),
    maxAgeMs: z
      .int()
      .min(3_600_000)
      .default(90 * 24 * 3_600_000)
      .describe('Older originals are deleted.'),
  })
  .describe(
    'Originals of users, addresses and e-mail addresses, sealed to a public key ([unmasking](unmasking.md)). Off without it.',
  );
