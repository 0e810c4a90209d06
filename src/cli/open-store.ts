import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const isFolder = async (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The folder of the events log, where a path is the data folder of an agent or that log itself; undefined where it is a file. */
export async function eventsLogOf(path: string): Promise<string | undefined> {
  if (path === '-' || !(await isFolder(path))) return undefined;
  const inside = join(path, 'events');
  return (await isFolder(inside)) ? inside : path;
}

/** The data folder of the agent that such a path belongs to; undefined where it is a file. */
export async function dataFolderOf(path: string): Promise<string | undefined> {
  const log = await eventsLogOf(path);
  return log === undefined ? undefined : dirname(log);
}
