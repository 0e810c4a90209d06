import type { Delivery } from '../../core/delivery.ts';

/** Deliveries on their way from many requests to the one that takes them. Bounded by what requests may hold. */
export class TileQueue {
  #deliveries: Delivery[] = [];
  #wake: (() => void) | undefined;

  push(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    this.#wake?.();
  }

  /** All that wait, in order; empty where there are none. */
  takeAll(): readonly Delivery[] {
    const taken = this.#deliveries;
    this.#deliveries = [];
    return taken;
  }

  /** Resolves when something waits, or `wake` is called. */
  async wait(): Promise<void> {
    if (this.#deliveries.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }

  wake(): void {
    this.#wake?.();
  }
}
