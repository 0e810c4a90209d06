import { type FileHandle, open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { FingerprintKey } from './fingerprint-key.ts';
import { withDescriptor } from './with-descriptor.ts';

/** Long enough to hold the id of an audit event, which stands about 100 bytes into a line. */
export const headBytes = 64 * 1024;
/** Most first lines are shorter than this. */
const firstReadBytes = 4 * 1024;

/**
 * What tells one file from another: device and inode, and the hash of its first complete line (or of its first
 * 64 KiB, where the line is longer). A name tells nothing, and an inode is used again soon after its file is gone.
 */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** Keyed; undefined while the file has no complete line. Of a compressed file: of what it holds. */
  readonly fingerprint: string | undefined;
}

export async function identityOf(handle: FileHandle, key: FingerprintKey): Promise<FileIdentity> {
  const { dev, ino } = await handle.stat();
  return { device: dev, inode: ino, fingerprint: await fingerprintOf(handle, key) };
}

async function fingerprintOf(handle: FileHandle, key: FingerprintKey): Promise<string | undefined> {
  let head = Buffer.alloc(0);
  while (head.length < headBytes) {
    const room = Buffer.allocUnsafe(Math.max(firstReadBytes, head.length));
    const { bytesRead } = await handle.read(room, 0, Math.min(room.length, headBytes - head.length), head.length);
    if (bytesRead === 0) break;
    head = Buffer.concat([head, room.subarray(0, bytesRead)]);
    if (head.includes(10)) break;
  }
  return fingerprintOfHead(head, key);
}

function fingerprintOfHead(head: Buffer, key: FingerprintKey): string | undefined {
  const newline = head.indexOf(10);
  if (newline < 0 && head.length < headBytes) return undefined;
  return key.of(newline < 0 ? head.subarray(0, headBytes) : head.subarray(0, newline));
}

/** The fingerprint of what a gzip file holds; undefined where its beginning cannot be read (yet). */
export async function packedFingerprint(path: string, key: FingerprintKey): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpacked(path)) {
      parts.push(chunk);
      length += chunk.length;
      if (chunk.includes(10) || length >= headBytes) break;
    }
  } catch {
    // What came before the damage may be enough.
  }
  return fingerprintOfHead(Buffer.concat(parts), key);
}

/** What a gzip file holds. */
export async function* unpacked(path: string): AsyncGenerator<Buffer, void, undefined> {
  const file = (await withDescriptor(() => open(path, 'r'))).createReadStream();
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => file.destroy());
  yield* file.pipe(gunzip) as AsyncIterable<Buffer>;
}

/** Whether both describe the same file. A file that had no complete line then may have one now. */
export function isSameFile(then: FileIdentity, now: FileIdentity): boolean {
  if (then.device !== now.device || then.inode !== now.inode) return false;
  return then.fingerprint === undefined || then.fingerprint === now.fingerprint;
}
