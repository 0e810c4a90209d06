import type { AlertmanagerSinkConfig } from '../../config/sinks/alertmanager.ts';
import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import type { Fault } from '../../core/faults.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { AlertmanagerPeer } from './alertmanager-peer.ts';

/** Once one Alertmanager has taken a batch the others have this long: one that hangs must not hold up the rest. */
const othersMs = 2_000;

/** Findings as alerts, to every Alertmanager of a cluster; delivered once one has them. */
export class AlertmanagerSink implements Sink {
  readonly keepsOrder = true;
  readonly #peers: readonly AlertmanagerPeer[];
  readonly #context: SinkContext;
  /** Addresses that did not take the last batch while others did. */
  readonly #away = new Set<AlertmanagerPeer>();

  constructor(options: AlertmanagerSinkConfig, context: SinkContext) {
    this.#context = context;
    this.#peers = options.urls.map((url) => new AlertmanagerPeer(options, url, context));
  }

  async open(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.open(signal)));
  }

  /** Every address has to answer: one that is wrong would be noticed only when the others are away. */
  async check(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.check(signal)));
  }

  async write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    let timer: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const all = await Promise.all(
        this.#peers.map(async (peer) => {
          const outcomes = await peer.write(batch, controller.signal);
          if (outcomes.every(({ status }) => status === 'delivered')) timer ??= setTimeout(stop, othersMs);
          return outcomes;
        }),
      );
      this.#tell(all);
      return batch.records.map((_, i) => best(all.map((outcomes) => outcomes[i]!)));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#peers.map((peer) => peer.close()));
  }

  /** Says once that an address is away while others are not: nothing else would show it. */
  #tell(all: readonly (readonly Outcome[])[]): void {
    const failures = all.map((outcomes) => faultIn(outcomes));
    if (failures.every((fault) => fault !== undefined)) return;
    for (const [i, peer] of this.#peers.entries()) {
      const fault = failures[i];
      if (!fault) this.#away.delete(peer);
      else if (!this.#away.has(peer)) {
        this.#away.add(peer);
        this.#context.notice(`one of several Alertmanagers does not take alerts: ${fault.message}`);
      }
    }
  }
}

function faultIn(outcomes: readonly Outcome[]): Fault | undefined {
  const failed = outcomes.find(({ status }) => status !== 'delivered');
  return failed === undefined || failed.status === 'delivered' ? undefined : failed.fault;
}

function best(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.some(({ status }) => status === 'delivered')) return delivered;
  const waiting = outcomes.filter((outcome) => outcome.status === 'errored');
  const first = waiting[0];
  if (!first) return outcomes[0]!;
  const waits = waiting.map(({ retryAfterMs }) => retryAfterMs).filter((ms) => ms !== undefined);
  return errored(first.fault, waits.length === waiting.length ? Math.min(...waits) : undefined);
}
