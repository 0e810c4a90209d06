import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { unreadableFile } from '../core/faults.ts';

/** Reads and checks a configuration file. @throws Fault E_FILE_READ, and what `loadConfig` throws */
export async function readConfigFile(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw unreadableFile(file, cause);
  }
  return loadConfig(text, file, env);
}
