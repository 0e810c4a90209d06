import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../../core/event-store.ts';
import type { Finding } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import { limits } from '../../core/limits.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { isReview, isSilence, type Review, type ReviewAction, type SilenceMatch } from '../../core/review.ts';
import { StalestMap } from '../../core/stalest-map.ts';
import type { LogReader } from '../../log/log-reader.ts';
import type { Note } from '../../pipeline/note-inbox.ts';
import type { FindingDetail, FindingItem } from '../../web/api.ts';
import { eventsAround, eventTextOf } from '../../web/events-around.ts';
import { stateOf } from '../../web/finding-row.ts';
import { makeReview, makeSilence } from '../../web/reviews.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { logBatches } from './log-batches.ts';
import type { TailStatus } from './status-text.ts';

export interface LocalFeedOptions {
  readonly directory: string;
  /** Of the findings log; closed with the feed. */
  readonly reader: LogReader;
  /** Asked when a finding is opened first; closed with the feed. */
  readonly openEvents: () => Promise<EventStore>;
  readonly status: () => Promise<TailStatus>;
  /** Leaves a note for the agent. @throws Fault */
  readonly leave: (note: Note) => Promise<void>;
  readonly maskText: (text: string) => Promise<string>;
  readonly by: Note['by'];
  readonly nowMs: () => number;
}

const statusMs = 1_000;
/** Events of the same user that are shown. */
const aroundRows = 200;

/** Findings of a data folder. Only the agent writes its log: reviews and silences are left for it as notes. */
export class LocalFeed implements Feed {
  readonly #options: LocalFeedOptions;
  #events: Promise<EventStore> | undefined;
  readonly #reviews = new StalestMap<readonly Review[]>();

  constructor(options: LocalFeedOptions) {
    this.#options = options;
  }

  get title(): string {
    return this.#options.directory;
  }

  async *read(stop: AbortSignal, follow: boolean): AsyncGenerator<readonly FeedEvent[], void, undefined> {
    for await (const records of logBatches(this.#options.reader, stop, follow)) {
      yield records === undefined ? [{ type: 'current' }] : records.flatMap((record) => this.#eventOf(record) ?? []);
    }
  }

  async watch(stop: AbortSignal, tell: (status: TailStatus) => void): Promise<void> {
    while (!stop.aborted) {
      tell(await this.#options.status());
      await sleep(statusMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  async detail(finding: Finding, stop: AbortSignal): Promise<FindingDetail> {
    this.#events ??= this.#options.openEvents();
    const events = await this.#events;
    const event = await eventTextOf(events, finding, stop);
    const around = await eventsAround(events, finding, stop, aroundRows);
    const reviews = this.#reviews.get(finding.id) ?? [];
    return { item: this.#item(finding), revisions: [finding], reviews, ...(event !== undefined && { event }), around };
  }

  async review(finding: string, action: ReviewAction, text: string): Promise<string> {
    const { leave, by, nowMs } = this.#options;
    await leave(makeReview({ finding, action, text: await this.#masked(text) }, by, nowMs()));
    return 'left for the agent, which writes it down when it runs';
  }

  async silence(match: SilenceMatch, durationMs: number, text: string): Promise<string> {
    const { leave, by, nowMs } = this.#options;
    const untilMs = nowMs() + durationMs;
    await leave(makeSilence({ match, untilMs, text: await this.#masked(text) }, by, nowMs()));
    return 'left for the agent, which heeds it when it runs';
  }

  async close(): Promise<void> {
    await this.#options.reader.close();
    await (await this.#events)?.close();
  }

  /** People paste secrets into notes. */
  async #masked(text: string): Promise<string | undefined> {
    return text.trim() === '' ? undefined : this.#options.maskText(text.trim());
  }

  #eventOf(record: MaskedRecord): FeedEvent | undefined {
    if (record.type === recordTypes.finding) return { type: 'finding', item: this.#item(findingIn(record)), isNew: true };
    if (record.type !== recordTypes.note) return undefined;
    const note = JSON.parse(Buffer.from(record.payload).toString('utf8')) as unknown;
    if (isSilence(note)) return { type: 'silence', silence: note };
    if (!isReview(note)) return undefined;
    const reviews = [...(this.#reviews.get(note.finding) ?? []), note].slice(-limits.webReviews);
    this.#reviews.setWithin(limits.tailReviews, note.finding, reviews);
    return { type: 'review', review: note };
  }

  #item(finding: Finding): FindingItem {
    const reviews = this.#reviews.get(finding.id) ?? [];
    const lastReview = reviews.at(-1);
    return { finding, state: stateOf({ reviews }), ...(lastReview && { lastReview }) };
  }
}
