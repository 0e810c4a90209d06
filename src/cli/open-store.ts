import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of the events log, where a path is the data folder of an agent or that log itself; undefined where it is a file. */
export async function eventsLogOf(path: string): Promise<string | undefined> {
  const isFolder = async (folder: string): Promise<boolean> =>
    stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
  if (path === '-' || !(await isFolder(path))) return undefined;
  const inside = join(path, 'events');
  return (await isFolder(inside)) ? inside : path;
}
