import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { readText } from './read-text.ts';

/** Reads and checks a configuration file. @throws Fault E_FILE_READ, and what `loadConfig` throws */
export async function readConfigFile(file: string, env: Readonly<Record<string, string | undefined>>): Promise<Config> {
  return loadConfig(await readText(file), file, env);
}
