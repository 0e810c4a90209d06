import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { main } from './kill-agent.ts';
import type { KillPlace } from './kill-load.ts';

export interface MoreConfig {
  /** Options of the log, as in a flow mapping. */
  readonly log?: string;
  readonly sinks?: string;
  /** Options of the metrics, as in a flow mapping. */
  readonly telemetry?: string;
}

/** Configuration of an agent with one source, and its key. Returns the file. */
export function writeAgentConfig({ directory, data }: KillPlace, source: string, more: MoreConfig = {}): string {
  const file = path.join(directory, 'config.yaml');
  const keyFile = path.join(directory, 'keys.json');
  execFileSync(process.execPath, [main, 'keys', 'init', '--key', keyFile], { stdio: 'ignore' });
  const text = [
    'version: 1',
    'cluster: { name: faults }',
    `masking: { keyFile: ${JSON.stringify(keyFile)} }`,
    `log: { directory: ${JSON.stringify(data)}${more.log === undefined ? '' : `, ${more.log}`} }`,
    `sources: [${source}]`,
    ...(more.telemetry === undefined ? [] : [`telemetry: { ${more.telemetry} }`]),
    ...(more.sinks === undefined ? [] : [`sinks: [${more.sinks}]`]),
  ];
  writeFileSync(file, `${text.join('\n')}\n`);
  return file;
}
