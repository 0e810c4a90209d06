import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LogFileSystem, nodeFileSystem, replaceFile } from './file-system.ts';
import type { PruneOptions } from './retention.ts';

const fileName = 'retention.json';

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
    const value = JSON.parse(await readFile(join(dataDirectory, fileName), 'utf8')) as Partial<
      RetentionClasses & { format: number }
    >;
    const { format, since, preset, events, findings } = value;
    if (format !== 1 || typeof since !== 'string' || !isBounds(events) || !isBounds(findings)) return undefined;
    return { since, ...(typeof preset === 'string' && { preset }), events: boundsOf(events), findings: boundsOf(findings) };
  } catch {
    return undefined;
  }
}

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
