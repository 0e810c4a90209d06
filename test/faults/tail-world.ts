import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Delivery } from '../../src/core/delivery.ts';
import { Secret } from '../../src/core/secret.ts';
import { FileSource } from '../../src/sources/file/file-source.ts';
import type { Gap } from '../../src/sources/file/gap.ts';
import { eventsOf } from '../sources/frames/framing.ts';

/** Real files, what was written to them, and a follower that is started, stopped and killed. */
export class TailWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'auditveil-tail-model-'));
  readonly log = join(this.folder, 'audit.log');
  readonly written: string[] = [];
  /** Written to a file that was cut or removed since, and not looked at before. */
  readonly mayBeLost = new Set<string>();
  readonly seen: string[] = [];
  readonly gaps: Gap[] = [];
  gapDue = false;
  nowMs = 1_750_000_000_000;
  #source: FileSource | undefined;
  #deliveries: AsyncGenerator<Delivery, void, undefined> | undefined;
  #waiting: Promise<IteratorResult<Delivery, void>> | undefined;
  /** How often the follower asked for the time: at least once each time it looks. */
  #asked = 0;
  #stop = new AbortController();
  #next = 0;
  #rotations = 0;
  #file = this.log;
  /** The beginning of a line that is in the file already. */
  #open = '';
  #late: string | undefined;
  /** Lines seen before the last kill, of which nothing may have been kept. */
  #forgotten = 0;
  /** Inode of the file that the follower holds open. */
  #held: number | undefined;

  async begin(): Promise<void> {
    writeFileSync(this.log, '');
    await this.look();
  }

  line(): string {
    return `{"auditID":"${String(this.#next++).padStart(5, '0')}","kind":"Event"}`;
  }

  #append(text: string): void {
    appendFileSync(this.#file, text);
  }

  /** A writer finishes its line before it rotates. */
  #finishLine(): void {
    if (this.#open === '') return;
    this.#append(`${this.#open.slice(20)}\n`);
    this.written.push(this.#open);
    this.#open = '';
  }

  write(lines: number, cut: boolean): void {
    this.#finishLine();
    for (let i = 0; i < lines; i++) {
      const line = this.line();
      this.#append(`${line}\n`);
      this.written.push(line);
    }
    if (!cut) return;
    this.#open = this.line();
    this.#append(this.#open.slice(0, 20));
  }

  #rotatedName(): string {
    return join(this.folder, `audit-2026-05-04T09-${String(this.#rotations++).padStart(4, '0')}.log`);
  }

  rotate(): void {
    this.#finishLine();
    const to = this.#rotatedName();
    renameSync(this.#file, to);
    this.#late = to;
    writeFileSync(this.log, '');
    this.#file = this.log;
  }

  /** Somebody who opened the file before it was renamed writes on into it. */
  writeLate(): void {
    if (this.#late === undefined || !existsSync(this.#late)) return;
    const line = this.line();
    appendFileSync(this.#late, `${line}\n`);
    this.written.push(line);
  }

  copyTruncate(): void {
    this.#finishLine();
    copyFileSync(this.#file, this.#rotatedName());
    truncateSync(this.#file, 0);
  }

  /** Everything in the file may be lost but what was looked at. */
  #lose(): void {
    const text = readFileSync(this.#file, 'utf8');
    for (const line of this.written) if (text.includes(line) && !this.seen.includes(line)) this.mayBeLost.add(line);
    this.#open = '';
  }

  /** A file that was never looked into leaves no trace. */
  #wasSeen(): boolean {
    const text = readFileSync(this.#file, 'utf8');
    return this.seen.slice(this.#forgotten).some((line) => text.includes(line));
  }

  truncate(): void {
    this.gapDue ||= this.#wasSeen();
    this.#lose();
    truncateSync(this.#file, 0);
  }

  /** Removed and made anew, with the same inode where the file system is so kind. */
  async replace(): Promise<void> {
    this.#finishLine();
    // Held open by a follower the bytes are still there; without one they are gone.
    if (statSync(this.#file).ino !== this.#held) this.#lose();
    unlinkSync(this.#file);
    writeFileSync(this.log, '');
    this.#file = this.log;
    if (this.#source) await this.look();
  }

  /** The name becomes a link to another file. */
  swapLink(): void {
    this.#finishLine();
    const target = join(this.folder, `target-${this.#rotations++}`);
    const to = this.#rotatedName();
    renameSync(this.#file, to);
    rmSync(this.log, { force: true });
    writeFileSync(target, '');
    symlinkSync(target, this.log);
    this.#file = target;
    this.#late = undefined;
  }

  compress(): void {
    for (let i = 0; i < this.#rotations; i++) {
      const name = join(this.folder, `audit-2026-05-04T09-${String(i).padStart(4, '0')}.log`);
      if (!existsSync(name) || statSync(name).size === 0) continue;
      writeFileSync(`${name}.gz`, gzipSync(readFileSync(name)));
      unlinkSync(name);
      if (this.#late === name) this.#late = undefined;
      return;
    }
  }

  /** Starts where nothing runs, and takes everything that is there to be read. */
  async look(): Promise<void> {
    if (!this.#source) {
      this.#stop = new AbortController();
      this.#source = new FileSource({
        cluster: 'c',
        name: 'n',
        path: this.log,
        startAt: 'checkpoint',
        follow: true,
        pollIntervalMs: 5,
        key: new Secret(new Uint8Array(32)),
        checkpointFile: join(this.folder, 'state', 'n.json'),
        clock: { nowMs: () => this.#tell() },
        notice: () => undefined,
        gap: (gap) => this.gaps.push(gap),
      });
      await this.#source.open();
      this.#deliveries = this.#source.deliveries(this.#stop.signal);
    }
    this.nowMs += 11_000;
    await this.#takeAll();
    this.#held = statSync(this.log).ino;
  }

  #tell(): number {
    this.#asked++;
    return this.nowMs;
  }

  /** Until the follower has looked a few times and found nothing. */
  async #takeAll(): Promise<void> {
    for (let quietFrom = this.#asked; this.#asked < quietFrom + 6; ) {
      this.#waiting ??= this.#deliveries?.next();
      const next = await Promise.race([this.#waiting, wait(5, undefined)]);
      if (next === undefined) continue;
      if (next.done) return;
      this.#waiting = undefined;
      quietFrom = this.#asked;
      this.seen.push(...eventsOf([next.value.tile]).map((event) => event.text));
      next.value.settle({ status: 'delivered' });
    }
  }

  /** Ends politely: positions are kept. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#waiting;
    await this.#source?.close();
    this.#forget();
  }

  /** Ends with what was kept last: positions of the last moments are gone. */
  async kill(): Promise<void> {
    const file = join(this.folder, 'state', 'n.json');
    const kept = existsSync(file) ? readFileSync(file) : undefined;
    await this.stop();
    // What was looked at last is not remembered, so nobody misses it.
    this.gapDue = false;
    this.#forgotten = this.seen.length;
    if (kept) writeFileSync(file, kept);
  }

  #forget(): void {
    this.#source = undefined;
    this.#deliveries = undefined;
    this.#waiting = undefined;
    this.#held = undefined;
  }

  async end(): Promise<void> {
    this.#finishLine();
    await this.look();
    await this.look();
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}
