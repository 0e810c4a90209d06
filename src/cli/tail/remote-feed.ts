import { Fault } from '../../core/faults.ts';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import type { ReviewAction, Silence, SilenceMatch } from '../../core/review.ts';
import { StalestMap } from '../../core/stalest-map.ts';
import type { FindingDetail, FindingItem, FindingsPage, SessionView, SilenceRequest, StatusView } from '../../web/api.ts';
import { printable } from '../printable.ts';
import type { ApiClient } from './api-client.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { type ServerEvent, ServerEvents } from './sse.ts';
import type { TailStatus } from './status-text.ts';

export interface RemoteFeedOptions {
  readonly client: Pick<ApiClient, 'get' | 'post' | 'stream' | 'title' | 'close'>;
  /** Asked of the server: it sends no more than that. */
  readonly query: Readonly<Record<string, string>>;
  readonly nowMs: () => number;
  /** Resolves after so long, or when the signal aborts. */
  readonly wait: (milliseconds: number, stop: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;
const pageRows = 1_000;

/** Findings of a server. A connection that breaks is made again, and continues where it was: nothing is missed, nothing told twice. */
export class RemoteFeed implements Feed {
  readonly #options: RemoteFeedOptions;
  readonly #session: SessionView;
  /** What was told last of a finding. */
  readonly #told = new StalestMap<{ readonly revision: number; readonly review: string }>();

  /** Where the stream goes on; undefined before everything that was there has come. */
  #place: string | undefined;

  private constructor(options: RemoteFeedOptions, session: SessionView) {
    this.#options = options;
    this.#session = session;
  }

  /** @throws Fault E_REMOTE_* where the server cannot be reached or does not know the token */
  static async open(options: RemoteFeedOptions, stop: AbortSignal): Promise<RemoteFeed> {
    return new RemoteFeed(options, await options.client.get<SessionView>('/session', {}, stop));
  }

  get title(): string {
    return `${this.#session.cluster} at ${this.#options.client.title}`;
  }

  get readOnly(): string | undefined {
    return this.#session.role === 'analyst' ? undefined : `this token only reads (role ${this.#session.role})`;
  }

  async *read(stop: AbortSignal, follow: boolean): AsyncGenerator<readonly FeedEvent[], void, undefined> {
    let isCurrent = false;
    let waitMs = firstWaitMs;
    while (!stop.aborted) {
      try {
        if (this.#place === undefined) yield* this.#list(stop);
        if (!isCurrent) yield [{ type: 'current' }];
        isCurrent = true;
        if (!follow) return;
        for await (const events of this.#stream(stop)) {
          if (waitMs > firstWaitMs) yield [{ type: 'said', text: 'connected again' }];
          waitMs = firstWaitMs;
          yield events;
        }
      } catch (error) {
        if (stop.aborted) return;
        if (!(error instanceof Fault) || !error.retryable || !isCurrent) throw error;
        yield [{ type: 'said', text: `${error.message}; trying again` }];
        // Not all who lost the same server come back at once.
        await this.#options.wait(waitMs * (0.5 + this.#options.random() / 2), stop);
        waitMs = Math.min(2 * waitMs, longestWaitMs);
      }
    }
  }

  /** Everything that is there, the oldest first. The place is that of the first page: what changes meanwhile is streamed. */
  async *#list(stop: AbortSignal): AsyncGenerator<readonly FeedEvent[], void, undefined> {
    const { client, query } = this.#options;
    const silences = await client.get<readonly Silence[]>('/silences', {}, stop).catch(noneWhereUnknown);
    const pages: (readonly FindingItem[])[] = [];
    let [place, before]: [string | undefined, string | undefined] = [undefined, undefined];
    do {
      const page: FindingsPage = await client.get(
        '/findings',
        { ...query, limit: String(pageRows), ...(before && { before }) },
        stop,
      );
      pages.push(page.items);
      place ??= page.position;
      before = page.next;
    } while (before !== undefined && pages.length * pageRows < limits.webFindings);
    yield silences.map((silence) => ({ type: 'silence', silence }));
    for (const items of pages.reverse()) yield items.toReversed().flatMap((item) => this.#tell(item));
    this.#place = place;
  }

  /** What comes, until the connection ends or the server asks to begin anew. @throws Fault */
  async *#stream(stop: AbortSignal): AsyncGenerator<readonly FeedEvent[], void, undefined> {
    const { client, query } = this.#options;
    const parser = new ServerEvents();
    const { since: _, ...choice } = query;
    const from = { ...choice, from: this.#place ?? '' };
    for await (const bytes of client.stream('/stream', from, this.#place, stop)) {
      const events = parsed(parser, bytes);
      if (events.some(({ name }) => name === 'reset')) {
        this.#place = undefined;
        return;
      }
      yield events.flatMap((event) => this.#eventOf(event));
      this.#place = parser.lastId ?? this.#place;
    }
    if (!stop.aborted) throw broken('the server ended the stream');
  }

  #eventOf({ name, data }: ServerEvent): readonly FeedEvent[] {
    const value = json(data);
    if (name === 'finding') return this.#tell(value as FindingItem);
    if (name === 'silence') return [{ type: 'silence', silence: value as Silence }];
    return name === 'status' ? [{ type: 'status', status: statusOf(value as StatusView) }] : [];
  }

  /** Nothing where it was told before: some of what a connection missed comes twice. */
  #tell(item: FindingItem): readonly FeedEvent[] {
    const { id, revision } = item.finding;
    const told = this.#told.get(id);
    const review = JSON.stringify([item.state, item.lastReview?.at, item.lastReview?.action]);
    const isNew = told === undefined || told.revision < revision;
    if (!isNew && (told.revision > revision || told.review === review)) return [];
    this.#told.setWithin(limits.tailReviews, id, { revision, review });
    return [{ type: 'finding', item, isNew }];
  }

  detail(finding: Finding, stop: AbortSignal): Promise<FindingDetail> {
    return this.#options.client.get(`/findings/${encodeURIComponent(finding.id)}`, {}, stop);
  }

  async review(finding: string, action: ReviewAction, text: string): Promise<string> {
    await this.#options.client.post(`/findings/${encodeURIComponent(finding)}/reviews`, { action, ...(text.trim() && { text }) });
    return 'written down';
  }

  async silence(match: SilenceMatch, durationMs: number, text: string): Promise<string> {
    const until = new Date(this.#options.nowMs() + durationMs).toISOString();
    const silence: SilenceRequest = { match, until, ...(text.trim() && { text }) };
    await this.#options.client.post('/silences', silence);
    return `silenced until ${until}`;
  }

  close(): Promise<void> {
    return this.#options.client.close();
  }
}

/** A server of an earlier version knows no silences. */
function noneWhereUnknown(error: unknown): readonly Silence[] {
  if (error instanceof Fault && error.code === 'E_REMOTE_NOT_FOUND') return [];
  throw error;
}

const broken = (message: string): Fault => new Fault(message, { code: 'E_REMOTE_NETWORK', retryable: true });

function parsed(parser: ServerEvents, bytes: Uint8Array): readonly ServerEvent[] {
  try {
    return parser.push(bytes);
  } catch {
    throw broken('the server sends an event without an end');
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken('the server sends what is no JSON');
  }
}

/** A process without an agent has counted nothing: its zeros say nothing of the cluster. */
function statusOf({ eventsPerSecond, lagMs, totals, sinks, sources, problems }: StatusView): TailStatus {
  if (sources.length === 0 && totals.events === 0) return { problems: problems.map(printable) };
  const { masked, dropped } = totals;
  return { eventsPerSecond, lagMs, masked, dropped, sinks, problems: problems.map(printable) };
}
