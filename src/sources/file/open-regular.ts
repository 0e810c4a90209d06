import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isOutOfDescriptors } from '../../core/out-of-descriptors.ts';
import { withDescriptor } from './with-descriptor.ts';

/** Told by the system where a name, or a folder on the way to it, is not there. */
const goneCodes: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ENXIO: 'it is no regular file',
  ELOOP: 'it is a link that leads back to itself',
};

/** First bytes of gzip, xz, zstd, bzip2 and lz4. */
const packedBeginnings = ['1f8b', 'fd377a585a00', '28b52ffd', '425a68', '04224d18'];
const longestBeginning = 6;

/** A name that stands for something that cannot be followed: a folder, a pipe, a device, a compressed file. */
export class NotFollowed extends Error {
  readonly reason: string;

  constructor(kind: 'folder' | 'pipe' | 'packed') {
    super(`a ${kind} cannot be followed`);
    this.name = 'NotFollowed';
    this.reason = {
      folder: 'it is a folder',
      pipe: 'it is a pipe or a device',
      packed: 'it is compressed, and does not grow by lines (`auditveil run --once` reads gzip)',
    }[kind];
  }
}

/** Whether a file is compressed, by its first bytes. */
export async function isCompressed(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestBeginning), 0, longestBeginning, 0);
  const beginning = buffer.toString('hex', 0, bytesRead);
  return packedBeginnings.some((bytes) => beginning.startsWith(bytes));
}

/**
 * Opens a file for reading. Never waits for the other end of a pipe, which would hold a thread of this process for ever.
 * Undefined where there is none. @throws NotFollowed, or the error of the system
 */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await withDescriptor(() => open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new NotFollowed(stat.isDirectory() ? 'folder' : 'pipe');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export function isGone(error: unknown): boolean {
  return goneCodes.includes((error as NodeJS.ErrnoException).code);
}

/**
 * Why a file cannot be read, in words, where the system or its kind is the reason: that may pass, and must not end a process
 * that has other things to read. Undefined for other errors.
 */
export function whyUnreadable(error: unknown): string | undefined {
  if (error instanceof NotFollowed) return error.reason;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || isOutOfDescriptors(error)) return undefined;
  return reasons[code] ?? `it cannot be read (${code})`;
}
