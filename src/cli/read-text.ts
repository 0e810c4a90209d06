import { readFile } from 'node:fs/promises';
import { unreadableFile } from '../core/faults.ts';

/** The text of a file that a person named. @throws Fault E_FILE_READ */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadableFile(file, cause);
  }
}
