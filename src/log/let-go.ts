import type { LogFileSystem } from './file-system.ts';
import { listReaders, positionDirectory, readPosition, removePosition, writePosition } from './position-file.ts';

/**
 * Nothing is kept any more for readers that are not there, until they are opened again: their positions stay. Called before
 * readers are opened. @returns the names of those that held something until now
 */
export async function letGo(
  fs: LogFileSystem,
  directory: string,
  isGone: (reader: string) => boolean,
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const reader of (await listReaders(fs, directory)).filter(isGone)) {
    const stored = await readPosition(fs, directory, reader);
    if (stored === undefined || (stored !== 'damaged' && stored.whenBehind === 'skip')) continue;
    if (stored === 'damaged') await removePosition(fs, directory, reader);
    else await writePosition(fs, directory, reader, { ...stored, whenBehind: 'skip' });
    gone.push(reader);
  }
  if (gone.length > 0) await fs.syncDirectory(`${directory}/${positionDirectory}`);
  return gone;
}
