import { largeLogCases } from './large-log-cases.ts';
import { type ProcessCase, processCases } from './process-cases.ts';
import { webhookCases } from './webhook-cases.ts';

/** Every case that watches the program from outside. */
export const watchedCases: readonly ProcessCase[] = [...processCases, ...largeLogCases, ...webhookCases];
