import { setTimeout as sleep } from 'node:timers/promises';
import { apartUs, type ChaosEvents } from './chaos-events.ts';
import { append, type RoleProcess } from './kafka-world.ts';

/** What has come of the events of a run so far. */
export class Arrivals {
  /** How often each event is in the output of workers, by number. */
  readonly arrived: Uint8Array;
  readonly counted: Uint8Array;
  readonly #events: ChaosEvents;
  #done = 0;
  distinct = 0;
  repeats = 0;

  constructor(events: ChaosEvents, count: number) {
    this.#events = events;
    this.arrived = new Uint8Array(count);
    this.counted = new Uint8Array(count);
  }

  /** A worker has sent it to its sink. */
  sent(number: number): void {
    if (this.arrived[number] === 0) this.distinct++;
    else this.repeats++;
    this.arrived[number] = Math.min(255, (this.arrived[number] ?? 0) + 1);
  }

  /** A worker has handed it on to whoever keeps the windows. */
  handedOn(number: number): void {
    this.counted[number] = 1;
  }

  /** All events before this number have arrived wherever they have to. */
  get done(): number {
    const { arrived, counted } = this;
    while (this.#done < arrived.length && arrived[this.#done] && (counted[this.#done] || !this.#events.isCounted(this.#done)))
      this.#done++;
    return this.#done;
  }
}

/** Events written are at most this far ahead of what is done: less than the lateness, so that no event is late however slow the machine is. */
const mostAhead = 30_000_000 / apartUs;
const stepMs = 250;

export interface FeedOptions {
  readonly events: ChaosEvents;
  readonly count: number;
  /** The event time of the events passes as fast as the clock, where all keep up. */
  readonly arrivals: Arrivals;
  readonly agents: readonly RoleProcess[];
  /** Sees everything once. */
  readonly single: RoleProcess;
  /** Called before each step. */
  readonly look: () => void;
  /** Throws where this should not go on. */
  readonly isOver: () => boolean;
}

/** Writes all events at their pace, or slower where those who read them are. */
export async function feed({ events, count, arrivals, agents, single, look, isOver }: FeedOptions): Promise<void> {
  const step = Math.round((stepMs * 1000) / apartUs);
  for (let number = 0; number < count && !isOver(); await sleep(stepMs)) {
    look();
    const end = Math.min(count, number + step, Math.floor(arrivals.done + mostAhead));
    const lines: string[][] = agents.map(() => []);
    const all: string[] = [];
    for (; number < end; number++) {
      const line = events.line(number);
      all.push(line);
      for (const agent of events.seenBy(number)) lines[agent]?.push(line);
    }
    agents.forEach((agent, i) => void append(agent, lines[i] ?? []));
    append(single, all);
  }
}
