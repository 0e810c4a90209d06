import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An open file, as far as the log needs one. Errors are those of the system, with their `code`. */
export interface LogFile {
  /** Reads up to `buffer.length` bytes at `position`; fewer at the end of the file. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Writes at `position`; may write less than it was given. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>;
  truncate(bytes: number): Promise<void>;
  /** Returns once data and size are on stable storage. */
  datasync(): Promise<void>;
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** create: must not exist yet; replace: made or emptied; modify: must exist. Files are made 0600, directories 0700. */
export type OpenMode = 'read' | 'modify' | 'create' | 'replace';

/** The calls the log makes: small, so that tests can put a disk with faults in its place. */
export interface LogFileSystem {
  open(path: string, mode: OpenMode): Promise<LogFile>;
  list(directory: string): Promise<readonly string[]>;
  makeDirectory(path: string): Promise<void>;
  /** Makes entries of a directory durable: names made, renamed and removed. */
  syncDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Sets the time of last change to now. */
  touch(path: string): Promise<void>;
  /** Undefined where the file does not exist. */
  stat(path: string): Promise<{ readonly bytes: number; readonly changedAtMs: number } | undefined>;
}

/**
 * Makes a folder and those above it. Not by the `recursive` option of Node.js, which never returns where a file system
 * answers that a folder does not exist whose parent does, as /proc does.
 */
async function makeFolders(path: string): Promise<void> {
  if (await makeFolder(path)) return;
  if (dirname(path) !== path) await makeFolders(dirname(path));
  if (!(await makeFolder(path))) throw Object.assign(new Error('a folder cannot be made there'), { code: 'ENOENT' });
}

/** False where the folder it belongs into does not exist. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
}

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_NOFOLLOW } = constants;
const openFlags: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY | O_NOFOLLOW,
  modify: O_RDWR | O_NOFOLLOW,
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
  replace: O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW,
};

class NodeFile implements LogFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(buffer: Uint8Array, position: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, position);
    return bytesRead;
  }

  async write(buffers: readonly Uint8Array[], position: number): Promise<number> {
    const { bytesWritten } = await this.#handle.writev(buffers as Uint8Array[], position);
    return bytesWritten;
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes);
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The code of a system error, for example `ENOSPC`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True for the errors that mean "no room now": they pass once somebody makes room. */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** The machine's own file system. */
export const nodeFileSystem: LogFileSystem = {
  async open(path, mode) {
    return new NodeFile(await open(path, openFlags[mode], 0o600));
  },
  list: (directory) => readdir(directory),
  async makeDirectory(path) {
    await makeFolders(path);
  },
  async syncDirectory(path) {
    const handle = await open(path, O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  remove: unlink,
  async touch(path) {
    const now = new Date();
    await utimes(path, now, now);
  },
  async stat(path) {
    try {
      const { size, mtimeMs } = await stat(path);
      return { bytes: size, changedAtMs: mtimeMs };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
};

/** Writes all of `buffers`, however little the file takes at a time. */
export async function writeFully(file: LogFile, buffers: readonly Uint8Array[], position: number): Promise<number> {
  let rest = buffers;
  let at = position;
  while (rest.length > 0) {
    const written = await file.write(rest, at);
    if (written <= 0) throw Object.assign(new Error('the file took no bytes'), { code: 'EIO' });
    at += written;
    rest = withoutFirst(rest, written);
  }
  return at - position;
}

function withoutFirst(buffers: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  for (const [index, buffer] of buffers.entries()) {
    if (left < buffer.length) return [buffer.subarray(left), ...buffers.slice(index + 1)];
    left -= buffer.length;
  }
  return [];
}

/** Reads until `buffer` is full or the file ends. Returns the bytes read. */
export async function readFully(file: LogFile, buffer: Uint8Array, position: number): Promise<number> {
  let got = 0;
  while (got < buffer.length) {
    const more = await file.read(buffer.subarray(got), position + got);
    if (more === 0) break;
    got += more;
  }
  return got;
}

/** Replaces a small file so that after a crash it holds either the old or the new bytes. */
export function replaceFile(fs: LogFileSystem, directory: string, name: string, bytes: Uint8Array): Promise<void> {
  return replaceInPieces(fs, directory, name, [bytes]);
}

/** The same for a file that is made while it is written. */
export async function replaceInPieces(
  fs: LogFileSystem,
  directory: string,
  name: string,
  pieces: Iterable<Uint8Array>,
): Promise<void> {
  const path = `${directory}/${name}`;
  const file = await fs.open(`${path}.tmp`, 'replace');
  try {
    let at = 0;
    for (const piece of pieces) at += await writeFully(file, [piece], at);
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(`${path}.tmp`, path);
  await fs.syncDirectory(directory);
}

/** The whole of a small file; undefined where it does not exist. */
export async function readSmallFile(fs: LogFileSystem, path: string, maximumBytes: number): Promise<Uint8Array | undefined> {
  let file: LogFile;
  try {
    file = await fs.open(path, 'read');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const buffer = new Uint8Array(maximumBytes);
    return buffer.subarray(0, await readFully(file, buffer, 0));
  } finally {
    await file.close();
  }
}
