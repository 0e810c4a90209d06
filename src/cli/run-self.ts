import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';

/** Below what an agent does, and what people wait for. */
const priority = 10;

/**
 * Runs a command of this program in a process of its own, at low priority and with bounded memory, and returns what it writes. For
 * questions that read a whole log: the agent's own thread must not.
 * @throws Fault E_SELF_FAILED, E_SELF_SIZE; the reason of `signal`
 */
export function runSelf(args: readonly string[], signal: AbortSignal, stateDirectory?: string): Promise<string> {
  signal.throwIfAborted();
  const [, main = ''] = process.argv;
  const options = [`--max-old-space-size=${limits.webSelfHeapMegabytes}`];
  const env = { ...process.env, ...(stateDirectory !== undefined && { XDG_STATE_HOME: stateDirectory }) };
  const child = spawn(process.execPath, [...options, main, ...args], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.pid !== undefined) lower(child.pid);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > limits.webSelfBytes) stop();
    });
    child.on('error', (cause) => reject(failed(cause)));
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === 0 && bytes <= limits.webSelfBytes) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(failed(undefined));
    });
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // It may have ended already.
  }
}

function failed(cause: unknown): Fault {
  return new Fault('the process that was to answer failed', {
    code: 'E_SELF_FAILED',
    remedy: 'Run the same on the command line to see why: `auditveil posture`, `auditveil rules backtest`.',
    retryable: true,
    cause,
  });
}
