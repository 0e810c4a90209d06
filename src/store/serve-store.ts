import { type FromStore, faultMessage, type ToStore } from './store-messages.ts';

/** How one question is answered. `emit` hands over a part and resolves when the next is wanted. */
export type StoreMethod = (
  args: readonly unknown[],
  context: { readonly signal: AbortSignal; readonly emit: (value: unknown) => Promise<void> },
) => Promise<unknown>;

interface Running {
  readonly stopping: AbortController;
  more: () => void;
}

/** The other end of `StoreProcess`: answers what it is asked, one thing beside the other. */
export class StoreServer {
  readonly #methods: ReadonlyMap<string, StoreMethod>;
  readonly #send: (message: FromStore) => void;
  readonly #running = new Map<number, Running>();

  constructor(methods: Readonly<Record<string, StoreMethod>>, send: (message: FromStore) => void) {
    this.#methods = new Map(Object.entries(methods));
    this.#send = send;
  }

  hear(message: ToStore): void {
    if (message.type === 'ask') void this.#answer(message);
    else if (message.type === 'stop') {
      this.#running.get(message.id)?.stopping.abort();
      this.#running.get(message.id)?.more();
    } else this.#running.get(message.id)?.more();
  }

  /** All that is under way ends. */
  stop(): void {
    for (const { stopping, more } of this.#running.values()) {
      stopping.abort();
      more();
    }
  }

  async #answer({ id, method, args }: ToStore & { readonly type: 'ask' }): Promise<void> {
    const running: Running = { stopping: new AbortController(), more: () => undefined };
    const { signal } = running.stopping;
    this.#running.set(id, running);
    const emit = async (value: unknown): Promise<void> => {
      signal.throwIfAborted();
      const wanted = new Promise<void>((resolve) => {
        running.more = resolve;
      });
      this.#send({ type: 'part', id, value });
      await wanted;
      signal.throwIfAborted();
    };
    try {
      const handler = this.#methods.get(method);
      if (!handler) throw new Error('no such method');
      this.#send({ type: 'answer', id, value: await handler(args, { signal, emit }) });
    } catch (error) {
      this.#send({ type: 'fault', id, fault: faultMessage(error) });
    } finally {
      this.#running.delete(id);
    }
  }
}
