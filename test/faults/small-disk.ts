import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from 'mocha';

/** A small file system of its own. */
export class SmallDisk {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'auditveil-disk-'));
  #mounted = false;

  /** Skips the test, and says so, where this process may not mount one. */
  constructor(test: Context, suite: string, megabytes: number) {
    try {
      this.#mount(`size=${megabytes}m`);
      this.#mounted = true;
    } catch {
      rmSync(this.folder, { recursive: true });
      process.stderr.write(`SKIPPED ${suite}: a file system of its own takes the right to mount one (root)\n`);
      test.skip();
    }
  }

  resize(megabytes: number): void {
    this.#mount(`remount,size=${megabytes}m`);
  }

  remove(): void {
    if (!this.#mounted) return;
    execFileSync('umount', [this.folder]);
    rmSync(this.folder, { recursive: true });
  }

  #mount(options: string): void {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', this.folder], { stdio: 'ignore' });
  }
}
