import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import type { PlantedSecret } from '../../src/demo/plant.ts';
import { pinned } from '../machine.ts';
import type { Peer } from './peers.ts';

export interface PeerRun {
  readonly cpuSeconds: number;
  /** Planted secrets of which something was left; undefined where nobody asked. */
  readonly left: number | undefined;
}

export interface PeerInput {
  readonly file: string;
  /** Where our own program keeps its key: made once, as on a machine that uses it. */
  readonly state: string;
}

/** How long one run may take, and how often the output of one that does not end by itself is looked at. */
const mostSeconds = 900;
const pollMs = 500;
/** Status of a program that does not catch SIGTERM. */
const endedByUs = 128 + 15;
/** The last event is searched in so much of the end of an output: a batch of a hundred large events. */
const endBytes = 32 * 1024 * 1024;

/**
 * One run in a fresh process on one processor. The log comes through a pipe, as syslog-ng wants it. User and system time come from the shell
 * that waits for the program, start-up included.
 * @throws Error where the program fails, or does not get to the end of the log
 */
export async function runPeer(
  peer: Peer,
  { file, state }: PeerInput,
  planted: readonly PlantedSecret[] | undefined,
): Promise<PeerRun> {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-peer-'));
  try {
    const { args, output = path.join(directory, 'stdout') } = peer.prepare(directory, file);
    const pid = path.join(directory, 'process');
    const timed = 'TIMEFORMAT="cpu %3U %3S"; cat "$0" | { time sh -c \'echo $$ >"$0"; exec "$@"\' "$@"; }';
    const command = ['-c', timed, file, pid, ...pinned([peer.program, ...args])];
    const { status, stderr } = await runShell(command, state, directory, async (ended) => {
      if (peer.waits) await endOnceDone(output, lastAuditId(file), pid, ended);
    });
    const times = /cpu ([\d.]+) ([\d.]+)/.exec(stderr);
    const isDone = status === 0 || (peer.waits === true && status === endedByUs);
    if (!isDone || !times) throw new Error(`${peer.name} ended with ${status}: ${stderr.slice(-500)}`);
    const lines = planted && !peer.findsOnly ? readFileSync(output) : undefined;
    const left = lines && planted ? findPlanted(prepareNeedles(planted), lines).length : undefined;
    return { cpuSeconds: Number(times[1]) + Number(times[2]), left };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface ShellEnd {
  readonly status: number | null;
  readonly stderr: string;
}

async function runShell(
  command: readonly string[],
  state: string,
  directory: string,
  meanwhile: (ended: () => boolean) => Promise<void>,
): Promise<ShellEnd> {
  // Bytes, not characters: sed is several times as fast then.
  const env = { ...process.env, LC_ALL: 'C', XDG_STATE_HOME: state };
  const stdout = openSync(path.join(directory, 'stdout'), 'w');
  const child = spawn('bash', [...command], { env, stdio: ['ignore', stdout, 'pipe'], timeout: mostSeconds * 1000 });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let ended = false;
  const end = new Promise<ShellEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      ended = true;
      resolve({ status, stderr });
    });
  });
  try {
    await meanwhile(() => ended);
    return await end;
  } finally {
    closeSync(stdout);
  }
}

/** The auditID of the last line of the log. */
function lastAuditId(file: string): string {
  const id = endOf(file, 1024 * 1024)
    .match(/"auditID":"[^"]+"/g)
    ?.at(-1);
  if (id === undefined) throw new Error(`${file} does not end with an audit event`);
  return id.slice('"auditID":"'.length, -1);
}

function endOf(file: string, most: number): string {
  const { size } = statSync(file);
  const bytes = Buffer.alloc(Math.min(size, most));
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('latin1');
}

/** Asks the process to end once the output, which has stopped growing, holds the last event. */
async function endOnceDone(output: string, last: string, pid: string, ended: () => boolean): Promise<void> {
  const sizeOf = (): number => statSync(output, { throwIfNoEntry: false })?.size ?? 0;
  for (let before = -1; !ended(); ) {
    await sleep(pollMs);
    const size = sizeOf();
    if (size > 0 && size === before && endOf(output, endBytes).includes(last)) {
      process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM');
      return;
    }
    before = size;
  }
}
