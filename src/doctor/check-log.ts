import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { retentionOf } from '../config/retention.ts';
import type { Config } from '../config/schema.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { segmentFileName } from '../log/segment-header.ts';
import { loadSegments } from '../log/segment-list.ts';
import { ago } from './check-file-source.ts';
import { checkHolds, type HeldLog } from './check-holds.ts';
import { Checking, type CheckResult } from './check-result.ts';

const logNames = ['events', 'findings'] as const;

/** Less than this is a few minutes of a busy cluster. */
const freeBytesWarning = 1024 * 1024 * 1024;
/** Clocks are set by less than this without harm. */
const clockAheadMs = 60_000;

/** Room on the log's disk, who may write there, how much it holds, and whether this machine's clock has gone back behind it. */
export async function checkLog({ log }: Config, nowMs: number): Promise<readonly CheckResult[]> {
  const checking = new Checking('log');
  return checking.from(async () => {
    const folder = await nearestFolder(log.directory);
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable)
      return [
        checking.failed(
          `${folder} cannot be written by this user`,
          'Let the user of the agent own it, or choose another `log.directory`.',
        ),
      ];
    const bounds = logNames.map((name) => ({ name, maxBytes: retentionOf(log, name).maxBytes }));
    const isBounded = bounds.every(({ maxBytes }) => maxBytes !== undefined);
    const results = [
      await room(checking, folder, isBounded ? Math.max(...bounds.map(({ maxBytes = 0 }) => maxBytes)) : undefined),
    ];
    const logs: HeldLog[] = [];
    for (const { name, maxBytes } of bounds) {
      const directory = `${log.directory}/${name}`;
      results.push(...(await state(checking, directory, name, nowMs)));
      logs.push({ name, maxBytes, segments: await loadSegments(nodeFileSystem, directory, () => undefined).catch(() => []) });
    }
    return [...results, ...(await checkHolds(checking, log.directory, logs))];
  });
}

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined);
    if (found || folder === dirname(folder)) return folder;
  }
}

async function room(checking: Checking, folder: string, maxBytes: number | undefined): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${gigabytes(free)} free on the disk of ${folder}`;
  if (free < freeBytesWarning)
    return checking.warning(text, 'Make room: when it is full, nothing more is taken from kube-apiserver.');
  if (maxBytes === undefined)
    return checking.warning(`${text}; the log has no limit`, 'Set `log.maxBytes`: without it nothing is ever deleted.');
  const isShort = maxBytes > free && maxBytes - free > free;
  return isShort
    ? checking.warning(
        `${text}, less than half of what the log may grow to (${gigabytes(maxBytes)})`,
        'Lower `log.maxBytes`, or make room.',
      )
    : checking.ok(`${text}; the log may grow to ${gigabytes(maxBytes)}`);
}

async function state(checking: Checking, directory: string, name: string, nowMs: number): Promise<readonly CheckResult[]> {
  let losses = 0;
  const segments = await loadSegments(nodeFileSystem, directory, () => losses++).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (segments === undefined) return [checking.skipped(`the ${name} log is made when the agent starts`)];
  if (segments.length === 0) return [checking.ok(`${name}: holds nothing yet`)];
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  const newestMs = await lastAppendMs(directory, segments.at(-1)?.number);
  const text = `${name}: ${gigabytes(bytes)} in ${segments.length} segments${newestMs === undefined ? '' : `, newest record ${ago(nowMs - newestMs)} ago`}`;
  const results = [checking.ok(text)];
  if (losses > 0)
    results.push(
      checking.warning(
        `${name}: ${losses} segments are missing or damaged`,
        'The agent says at its start what was lost, and goes on with the rest.',
      ),
    );
  if (newestMs !== undefined && newestMs - nowMs > clockAheadMs)
    results.push(
      checking.warning(
        `the newest record of the ${name} log is ${ago(newestMs - nowMs)} in the future`,
        "This machine's clock has gone back: check its time service.",
      ),
    );
  return results;
}

/** When the last record was appended, by the time of the file it is in. */
async function lastAppendMs(directory: string, segment: number | undefined): Promise<number | undefined> {
  if (segment === undefined) return undefined;
  return (await nodeFileSystem.stat(`${directory}/${segmentFileName(segment)}`))?.changedAtMs;
}

const gigabytes = (bytes: number): string => (bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);
