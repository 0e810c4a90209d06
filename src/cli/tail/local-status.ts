import { type Metrics, readMetrics } from '../../apiserver/read-metrics.ts';
import { addressOf } from '../../doctor/check-agent.ts';
import { nodeFileSystem } from '../../log/file-system.ts';
import { PollingView } from '../../log/segment-view.ts';
import type { TailStatus } from './status-text.ts';

export interface LocalStatusOptions {
  /** Where the agent serves its metrics, `host:port`; undefined where that is not known. */
  readonly metrics: string | undefined;
  /** Data folder. */
  readonly directory: string;
  readonly nowMs: () => number;
}

/** What can be told of an agent from beside it: by its metrics, else by the growth of its log. */
export class LocalStatus {
  readonly #options: LocalStatusOptions;
  readonly #log: PollingView;
  readonly #events = new Rate();
  readonly #bytes = new Rate();

  constructor(options: LocalStatusOptions) {
    this.#options = options;
    this.#log = new PollingView(nodeFileSystem, `${options.directory}/events`, 0);
  }

  async view(): Promise<TailStatus> {
    const { metrics, nowMs } = this.#options;
    const counts =
      metrics === undefined ? undefined : await readMetrics(`http://${addressOf(metrics)}/metrics`).catch(() => undefined);
    if (counts) return this.#counted(counts);
    const segments = await this.#log.segments().catch(() => []);
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    const problem = metrics === undefined ? 'no --metrics' : 'no agent answers';
    return { logBytesPerSecond: this.#bytes.of(bytes, nowMs()), problems: [problem] };
  }

  #counted(metrics: Metrics): TailStatus {
    const behind = metrics.by('auditveil_sink_behind_bytes', 'sink');
    const breakers = [...metrics.by('auditveil_sink_breaker', 'sink')];
    const lags = [...metrics.by('auditveil_lag_seconds', 'source').values()];
    const lost = ['skipped', 'rejected'].map((result) => metrics.sum('auditveil_sink_records_total', { result }) ?? 0);
    return {
      eventsPerSecond: this.#events.of(metrics.sum('auditveil_events_received_total') ?? 0, this.#options.nowMs()),
      lagMs: lags.length === 0 ? undefined : Math.max(...lags) * 1000,
      masked: metrics.sum('auditveil_values_masked_total') ?? 0,
      dropped: lost.reduce((sum, count) => sum + count, 0),
      sinks: breakers.map(([name, open]) => ({
        name,
        state: open === 0 ? 'delivering' : open === 1 ? 'trying' : 'failing',
        behind: behind.get(name) ?? 0,
      })),
      problems: (metrics.sum('auditveil_log_full') ?? 0) > 0 ? ['LOG FULL'] : [],
    };
  }
}

/** How fast a count grows, a second. */
class Rate {
  #before: { readonly count: number; readonly atMs: number } | undefined;

  /** Undefined the first time, and where the count began anew. */
  of(count: number, atMs: number): number | undefined {
    const before = this.#before;
    this.#before = { count, atMs };
    if (!before || atMs <= before.atMs || count < before.count) return undefined;
    return ((count - before.count) * 1000) / (atMs - before.atMs);
  }
}
