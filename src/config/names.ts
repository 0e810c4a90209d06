import { z } from 'zod';

/** Name of a cluster, a source or a sink. */
export const nameOption = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, 'must be 1 to 63 letters, digits, dots, dashes or underscores')
  .describe('Letters, digits, `.`, `-`, `_`; up to 63.');

/** Which options are paths: asked by src/config/absolute-files.ts. */
export const pathOptions = z.registry<{ readonly isPath: true }>();

/** A path; relative ones start at the folder of the configuration file. */
export const pathOption = z.string().min(1).register(pathOptions, { isPath: true });
