import { open } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';

/** Writes a file that must not exist yet, synced. @throws Fault E_FILE_WRITE */
export async function writeNewFile(file: string, text: string, mode = 0o644): Promise<void> {
  try {
    const handle = await open(file, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new Fault(code === 'EEXIST' ? `${file} exists already` : `${file} cannot be written (${code})`, {
      code: 'E_FILE_WRITE',
      remedy: code === 'EEXIST' ? 'Name another file: nothing is written over.' : 'Name a file this user may write.',
      cause,
    });
  }
}
