import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../core/faults.ts';
import type { Commit, ConsumerHandler, ConsumerOptions, KafkaClient, KafkaConsumer } from './kafka-client.ts';
import { kafkaFault } from './kafka-fault.ts';

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/** Told what a member of a group is doing. */
export interface ConsumerWatch {
  joined(partitions: readonly number[]): void;
  /** So many messages of a partition are left. */
  read(partition: number, left: bigint): void;
  away(fault: Fault): void;
}

export interface ConsumerKeeperOptions {
  readonly consumer: ConsumerOptions;
  readonly client: () => Promise<KafkaClient>;
  readonly nowMs: () => number;
  /** Told when brokers cannot be read from, and why. */
  readonly away: (fault: Fault) => void;
  readonly watch?: ConsumerWatch | undefined;
}

/** Keeps a member in a consumer group: a consumer that failed is thrown away, and a new one joins after a pause. */
export class ConsumerKeeper {
  readonly #options: ConsumerKeeperOptions;
  #consumer: KafkaConsumer | undefined;

  constructor(options: ConsumerKeeperOptions) {
    this.#options = options;
  }

  /** The one that is in the group now, or wants to be. */
  get consumer(): KafkaConsumer | undefined {
    return this.#consumer;
  }

  /** Ends when the signal aborts; the member then stays until `close`. */
  async run(handler: Omit<ConsumerHandler, 'failed'>, signal: AbortSignal): Promise<void> {
    const { nowMs, away, watch } = this.#options;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const startedMs = nowMs();
      const fault = await this.#runOne(handler, signal);
      if (fault === undefined || signal.aborted) return;
      away(fault);
      watch?.away(fault);
      if (nowMs() - startedMs > longestPauseMs) pauseMs = firstPauseMs;
      await this.close();
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Undefined once the signal aborts. */
  async #runOne(handler: Omit<ConsumerHandler, 'failed'>, signal: AbortSignal): Promise<Fault | undefined> {
    let stopped = (): void => undefined;
    try {
      const consumer = (await this.#options.client()).consumer(this.#options.consumer);
      this.#consumer = consumer;
      return await new Promise<Fault | undefined>((resolve, reject) => {
        stopped = () => resolve(undefined);
        signal.addEventListener('abort', stopped, { once: true });
        consumer.run({ ...this.#watched(handler), failed: (error) => resolve(kafkaFault(error)) }).catch(reject);
      });
    } catch (error) {
      return kafkaFault(error);
    } finally {
      signal.removeEventListener('abort', stopped);
    }
  }

  /** A handler of which `watch` is told. */
  #watched(handler: Omit<ConsumerHandler, 'failed'>): Omit<ConsumerHandler, 'failed'> {
    const { watch } = this.#options;
    if (!watch) return handler;
    return {
      assigned: async (partitions) => {
        await handler.assigned(partitions);
        watch.joined(partitions);
      },
      batch: async (batch) => {
        const { partition, messages, end } = batch;
        const [first, last] = [messages[0]?.offset, messages.at(-1)?.offset];
        if (first !== undefined) watch.read(partition, end - first);
        await handler.batch(batch);
        if (last !== undefined) watch.read(partition, end - last - 1n);
      },
    };
  }

  async commit(commits: readonly Commit[]): Promise<void> {
    await this.#consumer?.commit(commits);
  }

  async close(): Promise<void> {
    const consumer = this.#consumer;
    this.#consumer = undefined;
    await consumer?.close();
  }
}
