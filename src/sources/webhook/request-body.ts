import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Clock } from '../../core/clock.ts';
import type { Outcome } from '../../core/delivery.ts';
import type { LeftOut } from '../../core/left-out.ts';
import { limits } from '../../core/limits.ts';
import type { Tile, TileContext } from '../../core/tile.ts';
import type { Admission, Share } from './admission.ts';
import { BodyFramer } from './body-framer.ts';
import type { TileQueue } from './tile-queue.ts';

/** Bodies are held to their average rate from then on. */
const rateAfterMs = 10_000;

export interface BodyBounds {
  readonly bodyBytes: number;
  readonly queueMs: number;
  readonly bodyIdleMs: number;
  readonly bodyBytesPerSecond: number;
}

export interface BodyPlace {
  readonly admission: Admission;
  readonly queue: TileQueue;
  readonly clock: Clock;
  readonly bounds: BodyBounds;
  readonly pool: Buffer[];
  readonly leftOut?: LeftOut | undefined;
}

/** How a body ended. `complete`: all of its events are settled, and how is in `failed`. The others were not read to their end. */
export interface BodyEnd {
  readonly end: 'complete' | 'incomplete' | 'slow' | 'queued' | 'too-large';
  /** An event of it did not get into the log. */
  readonly failed: boolean;
}

/** One request body on its way into the log: read as memory allows, cut into events, settled. */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #place: BodyPlace;
  readonly share: Share;
  readonly #framer: BodyFramer;
  readonly #settled: Promise<void>[] = [];
  #unsettledTiles = 0;
  #unsettledBytes = 0;
  #failed = false;
  #received = 0;
  #inflated = 0;
  #readMs = 0;
  #lastMs: number;
  #waiting = true;
  #ended: BodyEnd['end'] | undefined;
  /** Ran to an end of any kind. */
  #over = false;

  constructor(request: IncomingMessage, share: Share, place: BodyPlace, context: TileContext, number: number) {
    this.#request = request;
    this.share = share;
    this.#place = place;
    this.#lastMs = place.clock.nowMs();
    this.#framer = new BodyFramer({
      context,
      request: number,
      nowUs: () => place.clock.nowMs() * 1000,
      expectedBytes: expectedBytes(request),
      pool: place.pool,
      leftOut: place.leftOut,
    });
  }

  /** Bytes as they were sent. */
  get received(): number {
    return this.#received;
  }

  get events(): number {
    return this.#framer.events;
  }

  /** Reads to the end and waits until the log has it, or has refused it. */
  async run(): Promise<BodyEnd> {
    try {
      return await this.#run();
    } finally {
      this.#over = true;
      this.#account();
    }
  }

  async #run(): Promise<BodyEnd> {
    if (!(await this.#turn())) return { end: this.#ended ?? 'queued', failed: false };
    const end = await this.#read();
    if (end !== 'complete') return { end, failed: false };
    await Promise.all(this.#settled);
    return { end, failed: this.#failed };
  }

  /** Called about once a second: ends a body that is too slow. Time in which we did not read does not count. */
  check(nowMs: number): void {
    if (this.#waiting || this.#ended !== undefined || this.#request.readableEnded || this.#request.complete) return;
    const { bodyIdleMs, bodyBytesPerSecond } = this.#place.bounds;
    const idleMs = nowMs - this.#lastMs;
    const readMs = this.#readMs + idleMs;
    const isSlow = readMs > rateAfterMs && (this.#received * 1000) / readMs < bodyBytesPerSecond;
    if (idleMs > bodyIdleMs || isSlow) this.abandon('slow');
  }

  /** Milliseconds by which its sender is behind the slowest pace allowed; 0 where it is not the sender who keeps us waiting. */
  lagMs(nowMs: number): number {
    if (this.#waiting || this.#ended !== undefined || this.#request.complete) return 0;
    const { bodyBytesPerSecond } = this.#place.bounds;
    const idleMs = nowMs - this.#lastMs;
    if (bodyBytesPerSecond === 0) return idleMs;
    return this.#readMs + idleMs - (this.#received * 1000) / bodyBytesPerSecond;
  }

  /** Gives the body up: it gets no answer. */
  abandon(end: 'slow' | 'incomplete'): void {
    this.#ended ??= end;
    this.#request.destroy();
    this.share.wake?.();
  }

  /** Waits for its first turn; false where that took too long or the sender left. */
  async #turn(): Promise<boolean> {
    const { admission, bounds } = this.#place;
    const untilMs = this.#place.clock.nowMs() + bounds.queueMs;
    while (!admission.mayRead(this.share) && this.#ended === undefined) {
      const leftMs = untilMs - this.#place.clock.nowMs();
      if (leftMs <= 0) return false;
      await this.#woken(leftMs);
    }
    return this.#ended === undefined;
  }

  #woken(timeMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeMs === undefined ? undefined : setTimeout(() => this.share.wake?.(), timeMs);
      this.share.wake = () => {
        clearTimeout(timer);
        this.share.wake = undefined;
        resolve();
      };
    });
  }

  async #read(): Promise<BodyEnd['end']> {
    const encoding = (this.#request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    this.#startReading();
    try {
      if (encoding === 'gzip' || encoding === 'x-gzip') await this.#readGzip();
      else if (encoding === 'identity' || encoding === '') await this.#readPlain(this.#request);
      else {
        for await (const chunk of chunksOf(this.#request)) this.#arrived(chunk.length);
        this.#hand(this.#framer.refuse('unsupported-format'));
      }
    } catch (error) {
      if (error instanceof TooLarge) return 'too-large';
      return this.#ended ?? 'incomplete';
    }
    if (!this.#request.complete) return this.#ended ?? 'incomplete';
    this.#waiting = true;
    this.#hand(this.#framer.finish());
    return 'complete';
  }

  async #readPlain(stream: Readable): Promise<void> {
    for await (const chunk of chunksOf(stream)) {
      this.#arrived(chunk.length);
      await this.#take(chunk);
    }
  }

  /** Compressed data that is damaged, or grows beyond reason, ends in a stub; the body is still read to its end. */
  async #readGzip(): Promise<void> {
    const gunzip = createGunzip({ chunkSize: 64 * 1024 });
    this.#request.on('data', (chunk: Buffer) => {
      try {
        this.#arrived(chunk.length);
      } catch (error) {
        gunzip.destroy(error as Error);
      }
    });
    this.#request.once('error', (error) => gunzip.destroy(error));
    this.#request.once('aborted', () => gunzip.destroy(new Error('aborted')));
    let refused: 'too-big' | 'torn' | undefined;
    try {
      for await (const chunk of this.#request.pipe(gunzip) as AsyncIterable<Buffer>) {
        this.#inflated += chunk.length;
        const most = limits.webhookInflatedBytes + limits.webhookInflation * this.#received;
        if (this.#inflated > Math.min(most, this.#place.bounds.bodyBytes)) {
          refused = 'too-big';
          break;
        }
        await this.#take(chunk);
      }
    } catch (error) {
      if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error;
      refused = 'torn';
    }
    if (refused === undefined) return;
    this.#request.unpipe(gunzip);
    gunzip.destroy();
    await ended(this.#request);
    this.#hand(this.#framer.refuse(refused));
  }

  #arrived(bytes: number): void {
    const nowMs = this.#place.clock.nowMs();
    if (!this.#waiting) this.#readMs += nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#received += bytes;
    if (this.#received > this.#place.bounds.bodyBytes) throw new TooLarge();
  }

  async #take(chunk: Buffer): Promise<void> {
    this.#framer.push(chunk);
    this.#hand(this.#framer.take());
    this.#account();
    const { admission } = this.#place;
    while (this.#ended === undefined && (this.#unsettledTiles > limits.webhookTilesPerBody || !admission.mayRead(this.share))) {
      this.#waiting = true;
      await this.#woken();
    }
    if (this.#waiting) this.#startReading();
  }

  #startReading(): void {
    this.#lastMs = this.#place.clock.nowMs();
    this.#waiting = false;
  }

  #account(): void {
    this.#place.admission.hold(this.share, this.#unsettledBytes + (this.#over ? 0 : this.#framer.held));
  }

  #hand(tiles: readonly Tile[]): void {
    for (const tile of tiles) {
      this.#unsettledTiles++;
      const bytes = tileBytes(tile);
      this.#unsettledBytes += bytes;
      this.#settled.push(
        new Promise((resolve) => {
          this.#place.queue.push({ tile, settle: (outcome) => this.#settle(tile, bytes, outcome, resolve) });
        }),
      );
    }
  }

  #settle(tile: Tile, bytes: number, outcome: Outcome, resolve: () => void): void {
    // A rejected one is a dead letter, written elsewhere: sending it again would not help.
    if (outcome.status === 'errored') this.#failed = true;
    this.#framer.recycle(tile);
    this.#unsettledTiles--;
    this.#unsettledBytes -= bytes;
    this.#account();
    resolve();
    if (this.#unsettledTiles <= limits.webhookTilesPerBody) this.share.wake?.();
  }
}

class TooLarge extends Error {}

/** A request that is left early must not be destroyed: its connection still carries the answer. */
function chunksOf(stream: Readable): AsyncIterable<Buffer> {
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}

function expectedBytes(request: IncomingMessage): number | undefined {
  const length = Number(request.headers['content-length']);
  return request.headers['content-encoding'] === undefined && Number.isSafeInteger(length) ? length : undefined;
}

function tileBytes(tile: Tile): number {
  return (tile.ends[tile.count - 1] ?? 0) - (tile.starts[0] ?? 0);
}

/** Reads what is left, to nowhere. */
async function ended(request: IncomingMessage): Promise<void> {
  if (request.readableEnded) return;
  await new Promise<void>((resolve, reject) => {
    request.once('end', resolve);
    request.once('error', reject);
    request.once('close', () => reject(new Error('closed')));
    request.resume();
  });
}
