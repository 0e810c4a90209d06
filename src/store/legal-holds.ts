import { constants } from 'node:fs';
import { open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { folderIn, leaveFile } from '../log/leave-file.ts';
import type { TimeHold } from '../log/retention.ts';

/** A legal hold: nothing that was received in its time is deleted, by nobody's retention, until it is released. */
export interface LegalHold {
  readonly case: string;
  /** RFC 3339; absent: from the beginning, or without an end. */
  readonly since?: string;
  readonly until?: string;
  readonly created: string;
  readonly by: string;
}

const caseName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const folderName = 'holds';
const folderOf = (dataDirectory: string): string => join(dataDirectory, folderName);
const fileName = (name: string): string => `${name}.json`;
const fileOf = (dataDirectory: string, name: string): string => join(folderOf(dataDirectory), fileName(name));

/**
 * Writes a hold: one file each, so that two people never write the same one. It is on stable storage when this resolves.
 * @throws Fault E_USAGE_CASE, E_USAGE_HOLD where there is one of that case, E_HOLD_WRITE
 */
export async function createHold(dataDirectory: string, hold: LegalHold): Promise<void> {
  checkCase(hold.case);
  const file = fileOf(dataDirectory, hold.case);
  try {
    await folderIn(dataDirectory, folderName);
    // Taken first: whoever makes the name has it; the agent reads a name without content as a hold of everything.
    const handle = await open(file, 'wx', 0o600);
    await handle.close();
    await leaveFile(folderOf(dataDirectory), fileName(hold.case), `${JSON.stringify({ format: 1, ...hold })}\n`);
  } catch (cause) {
    throw holdFault(hold.case, cause);
  }
}

/** Ends a hold. @throws Fault E_USAGE_CASE, E_USAGE_HOLD where there is none of that case, E_HOLD_WRITE */
export async function releaseHold(dataDirectory: string, name: string): Promise<void> {
  checkCase(name);
  try {
    await unlink(fileOf(dataDirectory, name));
    await nodeFileSystem.syncDirectory(folderOf(dataDirectory));
  } catch (cause) {
    throw holdFault(name, cause);
  }
}

/** Holds in force; `unreadable` names files that may be holds and cannot be read: they hold everything. */
export async function readHolds(
  dataDirectory: string,
): Promise<{ readonly holds: readonly LegalHold[]; readonly unreadable: readonly string[] }> {
  let names: readonly string[];
  try {
    names = await readdir(folderOf(dataDirectory));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { holds: [], unreadable: [] };
    return { holds: [], unreadable: [folderOf(dataDirectory)] };
  }
  const [holds, unreadable]: [LegalHold[], string[]] = [[], []];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const file = join(folderOf(dataDirectory), name);
    const hold = await readHold(file, name.slice(0, -'.json'.length));
    if (hold === 'gone') continue;
    if (hold) holds.push(hold);
    else unreadable.push(file);
  }
  return { holds, unreadable };
}

/** The same as times, for a log that is about to delete something. Never rejects: what cannot be read holds everything. */
export async function timeHolds(dataDirectory: string): Promise<readonly TimeHold[]> {
  const { holds, unreadable } = await readHolds(dataDirectory);
  return [
    ...holds.map(timeOf),
    ...unreadable.map((file) => ({
      name: `legal hold that cannot be read (${file})`,
      sinceMs: Number.NEGATIVE_INFINITY,
      untilMs: Number.POSITIVE_INFINITY,
    })),
  ];
}

export const timeOf = ({ case: name, since, until }: LegalHold): TimeHold => ({
  name: `legal hold ${name}`,
  sinceMs: since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since),
  untilMs: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
});

async function readHold(file: string, name: string): Promise<LegalHold | 'gone' | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const value = JSON.parse(await readFile(handle, 'utf8')) as Partial<LegalHold & { readonly format: number }>;
      const times = [value.since, value.until, value.created].filter((time) => time !== undefined);
      const isWhole = value.format === 1 && value.case === name && times.every((time) => !Number.isNaN(Date.parse(time)));
      return isWhole ? (value as LegalHold) : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
}

function checkCase(name: string): void {
  if (caseName.test(name)) return;
  throw new Fault('that is no name of a case', {
    code: 'E_USAGE_CASE',
    remedy: 'Use letters, digits, dots, underscores and hyphens, 64 at most, for example ACME-2026-07.',
  });
}

function holdFault(name: string, cause: unknown): Fault {
  const { code = 'unknown' } = cause as { readonly code?: string };
  if (code === 'EEXIST')
    return new Fault(`there is a hold of case ${name} already`, {
      code: 'E_USAGE_HOLD',
      remedy: 'Give another name; a hold is not changed, but released and made anew.',
    });
  if (code === 'ENOENT')
    return new Fault(`there is no hold of case ${name}, or no such data folder`, {
      code: 'E_USAGE_HOLD',
      remedy: '`auditveil hold list` shows those in force; name the data folder of the agent with --data-dir.',
    });
  return new Fault(`the hold of case ${name} could not be written (${code})`, {
    code: 'E_HOLD_WRITE',
    retryable: true,
    remedy: "Let this user write to the agent's data folder.",
    cause,
  });
}
