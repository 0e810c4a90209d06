import type { FileIdentity } from './file-identity.ts';

/** Things by the file they are about: a log may have thousands of rotated files, and each is asked for each time it is looked. */
export class IdentityIndex<T> {
  readonly #byInode = new Map<string, T[]>();
  readonly #byFingerprint = new Map<string, T[]>();

  add(file: FileIdentity, item: T): void {
    push(this.#byInode, inodeOf(file), item);
    if (file.fingerprint !== undefined) push(this.#byFingerprint, file.fingerprint, item);
  }

  delete(file: FileIdentity, item: T): void {
    take(this.#byInode, inodeOf(file), item);
    if (file.fingerprint !== undefined) take(this.#byFingerprint, file.fingerprint, item);
  }

  /** With the same device and inode, the last one added last. */
  at(file: FileIdentity): readonly T[] {
    return this.#byInode.get(inodeOf(file)) ?? [];
  }

  /** With the same first line. */
  like({ fingerprint }: FileIdentity): readonly T[] {
    return fingerprint === undefined ? [] : (this.#byFingerprint.get(fingerprint) ?? []);
  }
}

const inodeOf = ({ device, inode }: FileIdentity): string => `${device}:${inode}`;

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function take<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const rest = (lists.get(key) ?? []).filter((one) => one !== item);
  if (rest.length > 0) lists.set(key, rest);
  else lists.delete(key);
}
