import type { LogFile, LogFileSystem, OpenMode } from '../../src/log/file-system.ts';

const pageBytes = 64;

export type Operation = 'open' | 'read' | 'write' | 'truncate' | 'sync' | 'rename' | 'remove' | 'syncDirectory';

/** Returns an error code to let the call fail. */
export type FaultPlan = (operation: Operation, path: string) => string | undefined;

/** A file's bytes as the process sees them and as they would be after a power cut. */
class Disk {
  seen = new Uint8Array(0);
  durable = new Uint8Array(0);
  /** Pages written since the last sync. */
  dirty = new Set<number>();
  changedAtMs = 0;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * A file system in memory that can fail: short writes, a full disk, device errors, failing syncs, and power cuts that
 * lose what was not synced (page by page, in any order).
 */
export class FaultFs implements LogFileSystem {
  /** Random numbers in [0, 1). */
  random: () => number = () => 0.5;
  plan: FaultPlan = () => undefined;
  /** Write at most this much at a time. */
  writeBytes = Number.POSITIVE_INFINITY;
  /** Room for file contents. */
  diskBytes = Number.POSITIVE_INFINITY;
  syncs = 0;
  #dead = false;
  #entries = new Map<string, Disk>();
  #durableEntries = new Map<string, Disk>();

  check(operation: Operation, path: string): void {
    if (this.#dead) throw failure('EIO');
    const code = this.plan(operation, path);
    if (code !== undefined) throw failure(code);
  }

  usedBytes(): number {
    let sum = 0;
    for (const disk of this.#entries.values()) sum += disk.seen.length;
    return sum;
  }

  /** What is in a file now; changes reach it as damage would, without a write. */
  contents(path: string): Uint8Array {
    const disk = this.#entries.get(path);
    if (!disk) throw failure('ENOENT');
    return disk.seen;
  }

  /** Puts bytes in a file, synced. */
  put(path: string, bytes: Uint8Array): void {
    const disk = new Disk();
    disk.seen = Uint8Array.from(bytes);
    disk.durable = Uint8Array.from(bytes);
    this.#entries.set(path, disk);
    this.#durableEntries.set(path, disk);
  }

  paths(): string[] {
    return [...this.#entries.keys()].sort();
  }

  delete(path: string): void {
    this.#entries.delete(path);
    this.#durableEntries.delete(path);
  }

  /** The process is killed: what it wrote is still there for a new process, though not all of it durable. */
  kill(): FaultFs {
    const next = new FaultFs();
    next.random = this.random;
    next.#entries = new Map(this.#entries);
    next.#durableEntries = new Map(this.#durableEntries);
    this.#dead = true;
    return next;
  }

  /** The power goes: of what was not synced, any part may be there or not. */
  crash(): FaultFs {
    const next = new FaultFs();
    next.random = this.random;
    const entries = this.random() < 0.5 ? this.#durableEntries : this.#entries;
    for (const [path, disk] of entries) next.put(path, this.#afterCrash(disk));
    this.#dead = true;
    return next;
  }

  #afterCrash(disk: Disk): Uint8Array {
    const spread = disk.seen.length - disk.durable.length;
    const bytes = new Uint8Array(disk.durable.length + Math.round(spread * this.random()));
    bytes.set(disk.durable.subarray(0, bytes.length));
    for (const page of disk.dirty) {
      if (this.random() < 0.5) continue;
      const from = page * pageBytes;
      const part = disk.seen.subarray(from, Math.min(from + pageBytes, bytes.length));
      if (from < bytes.length) bytes.set(part, from);
    }
    return bytes;
  }

  open(path: string, mode: OpenMode): Promise<LogFile> {
    return this.#run('open', path, () => {
      const disk = this.#entries.get(path);
      if (mode === 'create' && disk) throw failure('EEXIST');
      if ((mode === 'read' || mode === 'modify') && !disk) throw failure('ENOENT');
      const found = disk ?? new Disk();
      this.#entries.set(path, found);
      if (mode === 'replace') this.#resize(found, 0);
      return this.#handle(path, found);
    });
  }

  #run<T>(operation: Operation, path: string, action: () => T): Promise<T> {
    // A turn of the loop between call and effect, as with a real disk.
    return Promise.resolve().then(() => {
      this.check(operation, path);
      return action();
    });
  }

  #resize(disk: Disk, bytes: number): void {
    const next = new Uint8Array(bytes);
    next.set(disk.seen.subarray(0, bytes));
    for (let page = Math.floor(Math.min(bytes, disk.seen.length) / pageBytes); page * pageBytes < bytes; page++)
      disk.dirty.add(page);
    disk.seen = next;
  }

  #write(disk: Disk, buffers: readonly Uint8Array[], position: number): number {
    const bytes = Buffer.concat(buffers).subarray(0, this.writeBytes);
    const room = this.diskBytes - this.usedBytes();
    const growth = Math.max(0, position + bytes.length - disk.seen.length);
    const taken = growth <= room ? bytes : bytes.subarray(0, Math.max(0, bytes.length - (growth - Math.max(0, room))));
    if (taken.length === 0 && bytes.length > 0) throw failure('ENOSPC');
    if (position + taken.length > disk.seen.length) this.#resize(disk, position + taken.length);
    disk.seen.set(taken, position);
    for (let page = Math.floor(position / pageBytes); page * pageBytes < position + taken.length; page++) disk.dirty.add(page);
    return taken.length;
  }

  /** A sync that fails forgets which pages were dirty: a second one would succeed without writing them. */
  #sync(disk: Disk, path: string): void {
    this.syncs++;
    const durable = new Uint8Array(disk.seen.length);
    durable.set(disk.durable.subarray(0, durable.length));
    const pages = [...disk.dirty];
    disk.dirty.clear();
    try {
      this.check('sync', path);
    } catch (error) {
      disk.durable = durable;
      throw error;
    }
    for (const page of pages) {
      const from = page * pageBytes;
      if (from < durable.length) durable.set(disk.seen.subarray(from, from + pageBytes), from);
    }
    disk.durable = durable;
  }

  #handle(path: string, disk: Disk): LogFile {
    const sync = (): Promise<void> =>
      Promise.resolve().then(() => {
        if (this.#dead) throw failure('EIO');
        this.#sync(disk, path);
      });
    return {
      read: (buffer, position) =>
        this.#run('read', path, () => {
          const part = disk.seen.subarray(position, position + buffer.length);
          buffer.set(part);
          return part.length;
        }),
      write: (buffers, position) => this.#run('write', path, () => this.#write(disk, buffers, position)),
      truncate: (bytes) => this.#run('truncate', path, () => this.#resize(disk, bytes)),
      datasync: sync,
      sync,
      size: () => Promise.resolve(disk.seen.length),
      close: () => Promise.resolve(),
    };
  }

  list(directory: string): Promise<readonly string[]> {
    const names = [...this.#entries.keys()].filter((path) => path.startsWith(`${directory}/`));
    return Promise.resolve(names.map((path) => path.slice(directory.length + 1)).filter((name) => !name.includes('/')));
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }

  syncDirectory(directory: string): Promise<void> {
    return this.#run('syncDirectory', directory, () => {
      const isIn = (path: string): boolean => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes('/');
      for (const path of this.#durableEntries.keys())
        if (isIn(path) && !this.#entries.has(path)) this.#durableEntries.delete(path);
      for (const [path, disk] of this.#entries) if (isIn(path)) this.#durableEntries.set(path, disk);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run('rename', from, () => {
      const disk = this.#entries.get(from);
      if (!disk) throw failure('ENOENT');
      this.#entries.delete(from);
      this.#entries.set(to, disk);
    });
  }

  remove(path: string): Promise<void> {
    return this.#run('remove', path, () => {
      if (!this.#entries.delete(path)) throw failure('ENOENT');
    });
  }

  touch(): Promise<void> {
    return Promise.resolve();
  }

  stat(path: string): Promise<{ readonly bytes: number; readonly changedAtMs: number } | undefined> {
    const disk = this.#entries.get(path);
    return Promise.resolve(disk && { bytes: disk.seen.length, changedAtMs: disk.changedAtMs });
  }
}
