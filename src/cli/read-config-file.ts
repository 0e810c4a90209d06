import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { Fault } from '../core/faults.ts';

/** Reads and checks a configuration file. @throws Fault E_FILE_READ, and what `loadConfig` throws */
export async function readConfigFile(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Fault(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`}`, {
      code: 'E_FILE_READ',
      remedy: 'Check the path and its permissions.',
      cause,
    });
  }
  return loadConfig(text, file, env);
}
