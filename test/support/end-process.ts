import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a process that this one started, where it still runs; after a minute by SIGKILL. @returns its exit code; null where it has none */
export async function endProcess(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<number | null> {
  if (child?.pid === undefined) return null;
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const [code] = await ended;
  clearTimeout(killer);
  return code;
}
