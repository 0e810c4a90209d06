import type { ConsumerWatch } from '../kafka/consumer-keeper.ts';
import type { Reading, Readings } from '../telemetry/readings.ts';

interface ReaderState {
  /** Why it reads nothing at the moment; undefined while it is a member of its group. */
  problem: string | undefined;
  /** Messages of each partition it has that it has not worked on, as far as it knows. */
  readonly left: Map<number, number>;
}

/** What a worker's readers of Kafka are doing: for telemetry, and for whoever asks whether this process is ready. */
export class TransportStates {
  readonly #readers = new Map<string, ReaderState>();

  /** Where a reader reports to. */
  watch(reader: string): ConsumerWatch {
    const state: ReaderState = { problem: 'it has not joined its group yet', left: new Map() };
    this.#readers.set(reader, state);
    return {
      joined: (partitions) => {
        state.problem = undefined;
        for (const partition of state.left.keys()) if (!partitions.includes(partition)) state.left.delete(partition);
        for (const partition of partitions) if (!state.left.has(partition)) state.left.set(partition, 0);
      },
      read: (partition, left) => {
        if (state.left.has(partition)) state.left.set(partition, Math.max(0, Number(left)));
      },
      away: (fault) => {
        state.problem = fault.message;
        state.left.clear();
      },
    };
  }

  /** The first reader that reads nothing, and why; undefined where all do. */
  problem(): string | undefined {
    for (const [reader, { problem }] of this.#readers) if (problem !== undefined) return `${reader}: ${problem}`;
    return undefined;
  }

  readings(): Pick<Readings, 'transportLag' | 'transportJoined'> {
    return {
      transportLag: () =>
        [...this.#readers].flatMap(([reader, { left }]) =>
          Array.from(left, ([partition, value]): Reading => ({ value, labels: { reader, partition: String(partition) } })),
        ),
      transportJoined: () =>
        Array.from(this.#readers, ([reader, { problem }]) => ({ value: Number(problem === undefined), labels: { reader } })),
    };
  }
}
