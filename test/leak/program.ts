import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface Result {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** What a program started in such a folder sees: its keys lie there, and nothing is coloured. */
export const environmentIn = (directory: string): NodeJS.ProcessEnv => ({
  ...process.env,
  XDG_STATE_HOME: path.join(directory, 'state'),
  NO_COLOR: '1',
});

/** Runs a command to its end, as a user would. */
export function runIn(directory: string, ...args: readonly string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env: environmentIn(directory),
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

/** The same, while this process goes on: it may be the server of what runs. */
export async function runBeside(directory: string, ...args: readonly string[]): Promise<Result> {
  const child = spawn(process.execPath, [main, ...args], { env: environmentIn(directory), stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
}

/** Every file below a folder, its name included: names are an output, too. */
export function filesOf(folder: string): readonly { readonly name: string; readonly bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((name) => ({ name, bytes: Buffer.concat([Buffer.from(name), readFileSync(name)]) }));
}
