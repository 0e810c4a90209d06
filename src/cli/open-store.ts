import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nodeFileSystem } from '../log/file-system.ts';
import { listSegmentNumbers } from '../log/segment-list.ts';

const isFolder = async (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The folder of the events log, where a path is the data folder of an agent or that log itself; undefined where it is a file. */
export async function eventsLogOf(path: string): Promise<string | undefined> {
  if (path === '-' || !(await isFolder(path))) return undefined;
  // Only a log holds segments: any other folder must have the log in it, or whoever reads it says that there is none.
  return (await listSegmentNumbers(nodeFileSystem, path)).length > 0 ? path : join(path, 'events');
}

/** The data folder of the agent that such a path belongs to; undefined where there is no log. */
export async function dataFolderOf(path: string): Promise<string | undefined> {
  const log = await eventsLogOf(path);
  return log !== undefined && (await isFolder(log)) ? dirname(resolve(log)) : undefined;
}
