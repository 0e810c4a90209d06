import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program. */
export const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

/** Writes keys and the configuration of an agent that receives at `address` into a folder; its logs come below `data`. Returns the file. */
export function writeReceiverConfig(directory: string, address: string): string {
  spawnSync(process.execPath, [main, 'keys', 'init', '--key', path.join(directory, 'keys.json')], { stdio: 'ignore' });
  const file = path.join(directory, 'config.yaml');
  const parts = [
    'version: 1',
    'cluster: { name: bench }',
    'masking: { keyFile: keys.json }',
    'log: { directory: data }',
    `sources: [{ type: webhook, listen: "${address}", allowUnprotected: true }]`,
  ];
  writeFileSync(file, `${parts.join('\n')}\n`);
  return file;
}
