import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from './kill-agent.ts';
import type { KillPlace } from './kill-load.ts';

/** Configuration of an agent with one source, and its key. Returns the file. */
export function writeAgentConfig({ directory, data }: KillPlace, source: string, ...lines: readonly string[]): string {
  const file = path.join(directory, 'config.yaml');
  const keyFile = path.join(directory, 'keys.json');
  execFileSync(process.execPath, [main, 'keys', 'init', '--key', keyFile], { stdio: 'ignore' });
  const text = [
    'version: 1',
    'cluster: { name: faults }',
    `masking: { keyFile: ${JSON.stringify(keyFile)} }`,
    `log: { directory: ${JSON.stringify(data)} }`,
    `sources: [${source}]`,
    ...lines,
  ];
  writeFileSync(file, `${text.join('\n')}\n`);
  return file;
}
