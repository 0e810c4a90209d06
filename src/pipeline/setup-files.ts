import { readFile, stat } from 'node:fs/promises';
import type { Config } from '../config/schema.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { filesBelow } from './load-files.ts';
import { isPolicyId } from './read-policy.ts';

/** The files and folders a configuration is made of, itself (where it is a file) first. Keys and certificates are looked at elsewhere. */
export function setupFiles(config: Config, configFile: string | undefined): readonly string[] {
  const { masking, detect } = config;
  return [
    ...(configFile === undefined ? [] : [configFile]),
    ...(isPolicyId(masking.policy) ? [] : [masking.policy]),
    ...masking.packs,
    ...detect.rules,
    ...detect.lists,
    ...detect.exceptionFiles,
  ];
}

/** Tells two states of files and of what is in folders apart without reading them: changes when one is written, replaced or gone. */
export async function filesState(paths: readonly string[]): Promise<string> {
  const states = (await filesUnder(paths)).map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return `${path} ${found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'missing'}`;
  });
  return (await Promise.all(states)).join('\n');
}

/** A digest of the contents of files and folders. */
export async function filesDigest(paths: readonly string[]): Promise<string> {
  const texts = (await filesUnder(paths)).map(async (path) => [path, await readFile(path, 'utf8').catch(() => null)]);
  return sha256Hex(JSON.stringify(await Promise.all(texts)));
}

async function filesUnder(paths: readonly string[]): Promise<readonly string[]> {
  const found = paths.map((path) => filesBelow(path, /\.(?:ya?ml|toml)$/).catch(() => [path]));
  return (await Promise.all(found)).flat().sort();
}
