import type { FileHandle } from 'node:fs/promises';
import { sha256Hex } from '../../crypto/sha256.ts';

/** Long enough to hold the id of an audit event, which stands about 100 bytes into a line. */
const headBytes = 64 * 1024;

/**
 * What tells one file from another: device and inode, and the hash of its first complete line (or of its first
 * 64 KiB, where the line is longer). A name tells nothing, and an inode is used again soon after its file is gone.
 */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** SHA-256 in hex; undefined while the file has no complete line. */
  readonly fingerprint: string | undefined;
}

export async function identityOf(handle: FileHandle): Promise<FileIdentity> {
  const { dev, ino } = await handle.stat();
  return { device: dev, inode: ino, fingerprint: await fingerprintOf(handle) };
}

async function fingerprintOf(handle: FileHandle): Promise<string | undefined> {
  const head = Buffer.alloc(headBytes);
  let length = 0;
  while (length < headBytes) {
    const { bytesRead } = await handle.read(head, length, headBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const newline = head.subarray(0, length).indexOf(10);
  if (newline < 0 && length < headBytes) return undefined;
  return sha256Hex(head.subarray(0, newline < 0 ? length : newline));
}

/** Whether both describe the same file. A file that had no complete line then may have one now. */
export function isSameFile(then: FileIdentity, now: FileIdentity): boolean {
  if (then.device !== now.device || then.inode !== now.inode) return false;
  return then.fingerprint === undefined || then.fingerprint === now.fingerprint;
}
