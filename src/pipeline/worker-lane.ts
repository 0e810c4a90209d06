import { Worker } from 'node:worker_threads';
import { limits } from '../core/limits.ts';
import type { MaskedTile, Tile } from '../core/tile.ts';
import { TilePool } from '../inspect/tile-pool.ts';
import type { KeyMessage } from './engine-recipe.ts';
import { type InspectJob, packTile, tileBytes, type WorkerMessage, type WorkerStart } from './worker-messages.ts';

/** A tile that is to be inspected, and with which keys. */
export interface LaneJob {
  readonly tile: Tile;
  readonly ring: number;
}

export interface WorkerLaneOptions<J extends LaneJob> {
  readonly start: WorkerStart;
  /** For tests: another program than inspect-worker.js. */
  readonly program?: URL;
  readonly keysOf: (ring: number) => KeyMessage;
  /** The job is done, and it can take another one. */
  readonly answered: (lane: WorkerLane<J>, job: J, masked: MaskedTile) => void;
  /** It is gone. `jobs` have no answer; of a worker that had `begun` the first of them was being looked at. */
  readonly ended: (jobs: readonly J[], begun: boolean) => void;
}

/** Buffers that wait for the next job; there are no more tiles than that on their way. */
const sparesKept = 4;
const program = new URL('./inspect-worker.js', import.meta.url);

/** One worker thread and the tiles it has. What it says on its standard streams, or as it dies, may quote events: it is dropped. */
export class WorkerLane<J extends LaneJob> {
  readonly #options: WorkerLaneOptions<J>;
  readonly #worker: Worker;
  readonly #jobs: J[] = [];
  /** Memory for tiles on their way there. */
  readonly #memory = new TilePool();
  /** Memory of written tiles on its way back. */
  readonly #spares: Uint8Array[] = [];
  readonly #told = new Set<number>();
  #isReady = false;
  #answers = 0;

  constructor(options: WorkerLaneOptions<J>) {
    this.#options = options;
    this.#worker = new Worker(options.program ?? program, {
      workerData: options.start,
      stdout: true,
      stderr: true,
      // V8 counts three halves of the space for new objects.
      resourceLimits: { maxYoungGenerationSizeMb: (limits.newSpaceBytes * 1.5) / 1024 / 1024 },
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on('message', (message: WorkerMessage) => this.#hear(message));
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', () => this.#end());
  }

  /** Tiles it has not answered yet. */
  get load(): number {
    return this.#jobs.length;
  }

  send(job: J): void {
    const raw = this.#memory.take(tileBytes(job.tile) + limits.tilePaddingBytes);
    const keys = this.#told.has(job.ring) ? undefined : this.#options.keysOf(job.ring);
    const spare = this.#spares.pop();
    const message: InspectJob = { ring: job.ring, keys, tile: packTile(job.tile, raw), spare };
    const owned = [raw, ...(spare ? [spare] : [])].map(({ buffer }) => buffer as ArrayBuffer);
    this.#told.add(job.ring);
    this.#jobs.push(job);
    this.#worker.postMessage(message, owned);
  }

  recycle({ bytes }: Pick<MaskedTile, 'bytes'>): void {
    if (this.#spares.length < sparesKept) this.#spares.push(bytes);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #hear(message: WorkerMessage): void {
    if (message === 'ready') {
      this.#isReady = true;
      return;
    }
    this.#memory.give({ bytes: message.raw });
    this.#answers++;
    const job = this.#jobs.shift();
    if (job) this.#options.answered(this, job, message.masked);
  }

  #end(): void {
    const begun = this.#isReady && this.#answers + this.#jobs.length > 0;
    this.#options.ended(this.#jobs.splice(0), begun);
  }
}
