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

/** A name that stands for something that cannot be followed: a folder, a pipe, a device. */
export class NoRegularFile extends Error {
  readonly reason: string;

  constructor(isFolder: boolean) {
    super('no regular file');
    this.name = 'NoRegularFile';
    this.reason = isFolder ? 'it is a folder' : 'it is a pipe or a device';
  }
}

/**
 * Opens a file for reading. Never waits for the other end of a pipe, which would hold a thread of this process for ever.
 * Undefined where there is none. @throws NoRegularFile, or the error of the system
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
    if (!stat.isFile()) throw new NoRegularFile(stat.isDirectory());
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
  if (error instanceof NoRegularFile) return error.reason;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || isOutOfDescriptors(error)) return undefined;
  return reasons[code] ?? `it cannot be read (${code})`;
}
