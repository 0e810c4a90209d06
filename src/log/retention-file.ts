import { join } from 'node:path';
import { type LogFileSystem, nodeFileSystem, readSmallFile, replaceFile } from './file-system.ts';
import type { PruneOptions } from './retention.ts';

const fileName = 'retention.json';
const fileBytes = 4096;

/** How long and how much of each class is kept, as the agent of a data folder was told when it started last. */
export interface RetentionClasses {
  /** RFC 3339. */
  readonly since: string;
  readonly preset?: string;
  readonly events: PruneOptions;
  readonly findings: PruneOptions;
}

/** Leaves them in a file beside the logs, for exports: who exports need not have the configuration. */
export async function writeRetention(
  dataDirectory: string,
  classes: RetentionClasses,
  fs: LogFileSystem = nodeFileSystem,
): Promise<void> {
  await replaceFile(fs, dataDirectory, fileName, Buffer.from(`${JSON.stringify({ format: 1, ...classes })}\n`));
}

/** @returns undefined where nothing tells it */
export async function readRetention(dataDirectory: string): Promise<RetentionClasses | undefined> {
  try {
    const bytes = await readSmallFile(nodeFileSystem, join(dataDirectory, fileName), fileBytes);
    const value = JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as Partial<RetentionClasses & { format: number }>;
    const { format, since, preset, events, findings } = value;
    if (format !== 1 || typeof since !== 'string' || !time.test(since) || !isBounds(events) || !isBounds(findings))
      return undefined;
    if (preset !== undefined && !(typeof preset === 'string' && word.test(preset))) return undefined;
    return { since, ...(preset !== undefined && { preset }), events: boundsOf(events), findings: boundsOf(findings) };
  } catch {
    return undefined;
  }
}

/** It is quoted in what is signed, and whoever may write to the data folder can write it: no other texts than these. */
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const word = /^[a-z0-9-]{1,32}$/;

const names = ['keepMs', 'maxAgeMs', 'maxBytes'] as const;

function isBounds(value: unknown): value is PruneOptions {
  if (typeof value !== 'object' || value === null) return false;
  const bounds = value as Readonly<Record<string, unknown>>;
  return names.every((name) => bounds[name] === undefined || Number.isSafeInteger(bounds[name]));
}

/** Only what we know of it. */
function boundsOf(bounds: PruneOptions): PruneOptions {
  return Object.fromEntries(names.flatMap((name) => (bounds[name] === undefined ? [] : [[name, bounds[name]]])));
}
