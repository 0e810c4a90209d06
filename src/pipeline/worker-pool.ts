import { Fault } from '../core/faults.ts';
import { type MaskedTile, stubReasons, type Tile, type TileInspector } from '../core/tile.ts';
import { formatKeyRing, type KeyRing } from '../crypto/key-ring.ts';
import type { OpenedEngine } from './open-engine.ts';
import { type LaneJob, WorkerLane } from './worker-lane.ts';
import { joinMasked, sliceTile } from './worker-messages.ts';

export interface WorkerPoolOptions {
  /** Opened to be shared. */
  readonly engine: Pick<OpenedEngine, 'recipe' | 'inspectorWith'>;
  /** Threads. */
  readonly workers: number;
  /** A worker died and another one took its place: it has to prove itself. */
  readonly restarted: () => void;
  /** For tests: what the threads run. */
  readonly program?: URL;
}

interface Job extends LaneJob {
  /** The lane that has to do it; absent: any. */
  readonly lane?: number;
  /** A worker died over it. */
  readonly suspect: boolean;
  readonly done: (masked: MaskedTile) => void;
  readonly failed: (fault: Fault) => void;
}

/** A lane has one tile to work on and one that waits, so that it never waits itself. */
const tilesPerLane = 2;
/** Workers that die before they have looked at a tile, one after the other, until nobody believes in them. */
const startsTried = 3;
const maskFailed = stubReasons.indexOf('mask-failed');

/**
 * Inspectors in threads of their own. Tiles go to whoever is free; the answers are those of one inspector. A worker that dies
 * is replaced and its tile tried again; if that kills another one, halves of it are tried, until the events that do it are
 * known. Those become stubs.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #lanes: WorkerLane<Job>[] = [];
  readonly #rings: KeyRing[] = [];
  readonly #makers = new WeakMap<MaskedTile, WorkerLane<Job>>();
  #queue: readonly Job[] = [];
  #failedStarts = 0;
  #fault: Fault | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.#lanes.push(this.#start(i));
  }

  /** Threads. */
  get workers(): number {
    return this.#lanes.length;
  }

  /** The pool as an inspector with these keys. */
  inspectorWith(keyRing: KeyRing): TileInspector {
    const ring = this.#rings.push(keyRing) - 1;
    const recycle = (tile: MaskedTile): void => this.#makers.get(tile)?.recycle(tile);
    return {
      inspect: (tile) => this.#inspect(tile, ring),
      recycle,
      lanes: () => this.#lanes.map((_, lane) => ({ inspect: (tile) => this.#inspect(tile, ring, lane), recycle })),
    };
  }

  /** What has no answer yet fails. */
  async close(): Promise<void> {
    this.#giveUp(new Fault('the workers were stopped', { code: 'E_WORKER_STOPPED', retryable: true }));
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #inspect(tile: Tile, ring: number, lane?: number, suspect = false): Promise<MaskedTile> {
    return new Promise((done, failed) => {
      this.#queue = [...this.#queue, { tile, ring, done, failed, suspect, ...(lane === undefined ? {} : { lane }) }];
      this.#handOut();
    });
  }

  /** Tiles for a certain lane wait for nobody: each lane gets as many at a time. */
  #handOut(): void {
    if (this.#fault) this.#giveUp(this.#fault);
    const waiting: Job[] = [];
    for (const job of this.#queue) {
      const lane = job.lane === undefined ? this.#freest() : this.#lanes[job.lane];
      if (lane && (job.lane !== undefined || lane.load < tilesPerLane)) lane.send(job);
      else waiting.push(job);
    }
    this.#queue = waiting;
  }

  #freest(): WorkerLane<Job> | undefined {
    return this.#lanes.reduce((best, lane) => (lane.load < best.load ? lane : best));
  }

  #start(place: number): WorkerLane<Job> {
    const { engine, program } = this.#options;
    const { recipe } = engine;
    if (!recipe) throw new Error('an engine that was not opened to be shared');
    return new WorkerLane<Job>({
      start: { recipe },
      ...(program && { program }),
      keysOf: (ring) => {
        const keyRing = this.#rings[ring] as KeyRing;
        return { text: formatKeyRing(keyRing), epoch: keyRing.keyId };
      },
      answered: (lane, job, masked) => {
        this.#makers.set(masked, lane);
        job.done(masked);
        this.#handOut();
      },
      ended: (jobs, begun) => this.#ended(place, jobs, begun),
    });
  }

  #ended(place: number, jobs: readonly Job[], begun: boolean): void {
    const first = begun ? jobs[0] : undefined;
    this.#queue = [...jobs.slice(first ? 1 : 0), ...this.#queue];
    this.#failedStarts = begun ? 0 : this.#failedStarts + 1;
    if (!this.#fault && this.#failedStarts >= startsTried)
      this.#fault = new Fault('the worker threads end before they have begun', {
        code: 'E_WORKER_START',
        remedy: 'Set `workers: 1`, and see that there is memory for each thread (about 150 MB).',
      });
    if (!this.#fault) {
      this.#lanes[place] = this.#start(place);
      this.#options.restarted();
    }
    if (first) this.#tryAgain(first);
    this.#handOut();
  }

  /** A worker died over this tile. */
  #tryAgain(job: Job): void {
    const { tile, ring, lane } = job;
    if (this.#fault) job.failed(this.#fault);
    else if (!job.suspect) this.#queue = [{ ...job, suspect: true }, ...this.#queue];
    else if (tile.count > 1) {
      const middle = tile.count >> 1;
      const halves = [sliceTile(tile, 0, middle), sliceTile(tile, middle, tile.count)];
      Promise.all(halves.map((half) => this.#inspect(half, ring, lane, true)))
        .then((masked) => job.done(joinMasked(masked)))
        .catch(job.failed);
    } else job.done(this.#stub(job));
  }

  #stub({ tile, ring }: Job): MaskedTile {
    const reasons = tile.reasons.map((reason) => reason || maskFailed);
    return this.#options.engine.inspectorWith(this.#rings[ring] as KeyRing).inspect({ ...tile, reasons });
  }

  #giveUp(fault: Fault): void {
    this.#fault = fault;
    for (const job of this.#queue) job.failed(fault);
    this.#queue = [];
  }
}
