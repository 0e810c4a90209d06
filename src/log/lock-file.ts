import { hostname } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/faults.ts';
import { errorCode, type LogFileSystem, readSmallFile, writeFully } from './file-system.ts';
import { goneFault } from './log-fault.ts';

/** Holds a directory for one writer. */
export interface Lock {
  /** Shows that the holder lives; called every few seconds. @throws Fault E_LOG_GONE where it is not ours any more */
  refresh(): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a reused pid is not taken for the holder. */
  readonly started: string;
  readonly boot: string;
  readonly host: string;
}

/** A holder on another machine or in another container cannot be asked; silent for this long it counts as gone. */
export const lockStaleMs = 15_000;
const lockName = 'lock';
const lockFileBytes = 1024;

/** Directories held by this process, per file system: its own pid in a lock file says nothing about that. */
const held = new WeakMap<LogFileSystem, Set<string>>();

const utf8 = new TextDecoder();

async function readSystemText(fs: LogFileSystem, path: string): Promise<string> {
  try {
    const bytes = await readSmallFile(fs, path, lockFileBytes);
    return bytes ? utf8.decode(bytes) : '';
  } catch {
    return '';
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); the command name before it may hold spaces and brackets. */
async function processStart(fs: LogFileSystem, pid: number): Promise<string> {
  const text = await readSystemText(fs, `/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function describeSelf(fs: LogFileSystem): Promise<Holder> {
  return {
    pid: process.pid,
    started: await processStart(fs, process.pid),
    boot: (await readSystemText(fs, '/proc/sys/kernel/random/boot_id')).trim(),
    host: hostname(),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function parseHolder(bytes: Uint8Array): Holder | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, started, boot, host } = value as Partial<Record<string, unknown>>;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof boot !== 'string' || typeof host !== 'string')
      return undefined;
    return { pid, started, boot, host };
  } catch {
    return undefined;
  }
}

async function isAlive(fs: LogFileSystem, holder: Holder, self: Holder, silentMs: number): Promise<boolean> {
  if (holder.host !== self.host) return silentMs < lockStaleMs;
  if (holder.boot !== self.boot || holder.pid === self.pid || !isRunning(holder.pid)) return false;
  return (await processStart(fs, holder.pid)) === holder.started;
}

function inUse(directory: string, holder: Holder | undefined): Fault {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'this process';
  return new Fault(`the log in ${directory} is in use by ${who}`, {
    code: 'E_LOG_LOCKED',
    remedy: 'Stop the other process, or give this one a directory of its own. To only read, use a reader.',
    retryable: holder !== undefined,
  });
}

/**
 * Takes the directory for this process. A lock left by a process that is gone is replaced.
 * @throws Fault E_LOG_LOCKED while another writer lives.
 */
export async function takeLock(fs: LogFileSystem, directory: string, clock: Clock): Promise<Lock> {
  const self = await describeSelf(fs);
  const mine = held.get(fs) ?? new Set<string>();
  held.set(fs, mine);
  if (mine.has(directory)) throw inUse(directory, undefined);
  mine.add(directory);
  const path = `${directory}/${lockName}`;
  try {
    if (!(await createLock(fs, path, self))) {
      await removeStale(fs, directory, self, clock);
      if (!(await createLock(fs, path, self))) throw inUse(directory, undefined);
    }
  } catch (error) {
    mine.delete(directory);
    throw error;
  }
  return {
    async refresh() {
      const owner = await ownerOf(fs, path, self);
      // One that somebody removed is made again, where the folder is still there.
      if (owner === 'other' || (owner === 'nobody' && !(await createAgain(fs, path, self)))) throw goneFault(directory);
      await fs.touch(path);
    },
    async release() {
      mine.delete(directory);
      if ((await ownerOf(fs, path, self)) === 'self') await fs.remove(path);
    },
  };
}

async function ownerOf(fs: LogFileSystem, path: string, self: Holder): Promise<'self' | 'other' | 'nobody'> {
  const bytes = await readSmallFile(fs, path, lockFileBytes);
  if (!bytes) return 'nobody';
  return utf8.decode(bytes) === JSON.stringify(self) ? 'self' : 'other';
}

async function createAgain(fs: LogFileSystem, path: string, self: Holder): Promise<boolean> {
  try {
    return await createLock(fs, path, self);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Whether a process that lives holds the directory: somebody writes there. */
export async function hasWriter(fs: LogFileSystem, directory: string, clock: Clock): Promise<boolean> {
  if (held.get(fs)?.has(directory)) return true;
  const state = await lockState(fs, `${directory}/${lockName}`, await describeSelf(fs), clock);
  return state?.alive === true;
}

interface LockState {
  /** Undefined: it cannot be read. */
  readonly holder: Holder | undefined;
  readonly alive: boolean;
}

/** @returns undefined where there is no lock */
async function lockState(fs: LogFileSystem, path: string, self: Holder, clock: Clock): Promise<LockState | undefined> {
  const stat = await fs.stat(path);
  const bytes = await readSmallFile(fs, path, lockFileBytes);
  if (!stat || !bytes) return undefined;
  const holder = parseHolder(bytes);
  const silentMs = Math.abs(clock.nowMs() - stat.changedAtMs);
  // An unreadable lock may be one that is just being written.
  return { holder, alive: holder ? await isAlive(fs, holder, self, silentMs) : silentMs < 1000 };
}

async function createLock(fs: LogFileSystem, path: string, self: Holder): Promise<boolean> {
  try {
    const file = await fs.open(path, 'create');
    try {
      await writeFully(file, [Buffer.from(JSON.stringify(self))], 0);
    } catch (error) {
      await fs.remove(path).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the lock aside before removing it, so that of two who saw the same stale lock only one succeeds. */
async function removeStale(fs: LogFileSystem, directory: string, self: Holder, clock: Clock): Promise<void> {
  const path = `${directory}/${lockName}`;
  const state = await lockState(fs, path, self, clock);
  if (!state) return;
  if (state.alive) throw inUse(directory, state.holder ?? self);
  const aside = `${path}.${self.pid}`;
  try {
    await fs.rename(path, aside);
    await fs.remove(aside);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
