import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition } from '../core/log.ts';
import { isReview, isSilence, type Review, type Silence } from '../core/review.ts';
import { SilenceBook } from '../routing/silence-book.ts';
import type { FindingItem } from './api.ts';
import { type Change, ChangeRing } from './change-ring.ts';
import { columnsOf, type FindingFilter, type FindingRow, findingOf, rowFilter, Shared, stateOf } from './finding-row.ts';
import { RowOrder } from './row-order.ts';

export interface FoundRows {
  /** Newest first. */
  readonly rows: readonly FindingRow[];
  readonly total: number;
  readonly next: string | undefined;
}

/** Rows that are looked at before others get their turn. A filter looks at about ten million a second. */
const rowsAtOnce = 20_000;
/** Texts that rows share (rules, users, namespaces); beyond it they are kept once a row. */
const sharedAtMost = 50_000;

/**
 * The last revision of each finding of a findings log, with reviews and silences: at most `most` of them; the oldest leave and
 * are counted. Fed with the records of the log in their order.
 */
export class FindingsView {
  readonly changes: ChangeRing;
  readonly silences = new SilenceBook(limits.silences);
  readonly #clock: Clock;
  readonly #most: number;
  readonly #rows = new Map<string, FindingRow>();
  readonly #order = new RowOrder();
  readonly #shared = new Shared(sharedAtMost);
  readonly #silenceNotes = new Map<string, Silence>();
  #left = 0;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
    this.changes = new ChangeRing(most);
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Findings that had to leave. */
  get left(): number {
    return this.#left;
  }

  /** Silences as they were made and ended, the oldest first; the newest of them, if there are many. */
  get silenceNotes(): readonly Silence[] {
    return [...this.#silenceNotes.values()];
  }

  /** @param place of the batch that the record came in; `end` where it ends */
  found(finding: Finding, place: LogPosition, end: LogPosition): void {
    const old = this.#rows.get(finding.id);
    const change = this.changes.add({ finding: finding.id, end });
    const places = [...(old?.places ?? []), place].slice(-limits.webRevisions);
    const columns = columnsOf(finding, this.#shared);
    const row: FindingRow = { ...columns, places, reviews: old?.reviews ?? [], change };
    this.#rows.set(row.id, row);
    if (old) this.#order.replace(old, row);
    else this.#order.add(row);
    if (this.#rows.size <= this.#most) return;
    const oldest = this.#order.takeOldest();
    if (oldest) this.#rows.delete(oldest.id);
    this.#left++;
  }

  /** A note of the log: reviews and silences are taken up, others passed over. */
  noted(note: unknown, end: LogPosition): void {
    if (isReview(note)) this.#reviewed(note, end);
    else if (isSilence(note)) {
      this.#rememberSilence(note);
      if (this.silences.add(note, this.#clock.nowMs())) this.changes.add({ silence: note, end });
    }
  }

  /**
   * Takes up a note that is durable, but not in the log yet. Its place is just behind the end: it comes once more from the log, a
   * record's length further on, and who was away meanwhile gets it.
   */
  overlay(note: unknown): void {
    const { changes } = this;
    const { segment, offset } = changes.get(changes.last)?.end ?? changes.end ?? { segment: 0, offset: 0 };
    this.noted(note, { segment, offset: offset + 1 });
    changes.wake();
  }

  get(id: string): FindingRow | undefined {
    return this.#rows.get(id);
  }

  itemOf(row: FindingRow): FindingItem {
    const finding = findingOf(row);
    const silence = this.silences.of(finding, this.#clock.nowMs());
    const lastReview = row.reviews.at(-1);
    return {
      finding,
      state: stateOf(row),
      ...(silence && { silence: silence.id }),
      ...(lastReview && { lastReview }),
    };
  }

  /** Newest first. Others get their turn in between. */
  async search(filter: FindingFilter, page: { readonly limit: number; readonly before: string | undefined }): Promise<FoundRows> {
    if (Object.values(filter).every((value) => value === undefined || value === false)) return this.#newest(page);
    const rows: FindingRow[] = [];
    const cursor = page.before === undefined ? undefined : cursorOf(page.before);
    let [total, more] = [0, false];
    await this.each(filter, (row) => {
      total++;
      if (cursor && (row.timeMs > cursor.timeMs || (row.timeMs === cursor.timeMs && row.id >= cursor.id))) return;
      if (rows.length < page.limit) rows.push(row);
      else more = true;
    });
    const last = rows.at(-1);
    return { rows, total, next: more && last ? placeText(last) : undefined };
  }

  /** Without a filter nothing needs to be looked at but what is shown. */
  #newest({ limit, before }: { readonly limit: number; readonly before: string | undefined }): FoundRows {
    const order = this.#order;
    const end = before === undefined ? order.length : order.before(cursorOf(before));
    const first = Math.max(0, end - limit);
    const rows = Array.from({ length: end - first }, (_, i) => order.at(end - 1 - i) as FindingRow);
    const last = rows.at(-1);
    return { rows, total: order.length, next: first > 0 && last ? placeText(last) : undefined };
  }

  /** Calls `use` with every row that is meant, the newest first. */
  async each(filter: FindingFilter, use: (row: FindingRow) => void): Promise<void> {
    const isMeant = rowFilter(filter);
    const order = this.#order;
    const { sinceMs } = filter;
    let index = order.length - 1;
    const first = sinceMs === undefined ? 0 : order.before({ timeMs: sinceMs, id: '' });
    for (let looked = 1; index >= first; index--, looked++) {
      const row = order.at(index);
      if (row && isMeant(row)) use(row);
      if (looked % rowsAtOnce !== 0 || !row) continue;
      await new Promise((resolve) => setImmediate(resolve));
      // What came meanwhile stands behind, or moved the rest.
      index = order.before(row);
    }
  }

  /** A note that was taken up before it was in the log comes twice. */
  #rememberSilence(note: Silence): void {
    this.#silenceNotes.set(`${note.id} ${note.at}`, note);
    const [oldest] = this.#silenceNotes.keys();
    if (this.#silenceNotes.size > limits.webSilenceNotes && oldest !== undefined) this.#silenceNotes.delete(oldest);
  }

  #reviewed(review: Review, end: LogPosition): void {
    const row = this.#rows.get(review.finding);
    if (!row) return;
    const change = this.changes.add({ finding: row.id, end });
    const isKnown = row.reviews.some((known) => isSame(known, review));
    const reviews = isKnown ? row.reviews : [...row.reviews, review].slice(-limits.webReviews);
    const next = { ...row, reviews, change };
    this.#rows.set(row.id, next);
    this.#order.replace(row, next);
  }

  /** Whether a change is the last one of what it is about. */
  isLast({ number, finding }: Change): boolean {
    return finding === undefined || this.#rows.get(finding)?.change === number;
  }
}

const placeText = ({ timeMs, id }: FindingRow): string => `${timeMs}.${id}`;

function cursorOf(text: string): { readonly timeMs: number; readonly id: string } {
  const at = text.indexOf('.');
  return { timeMs: Number(text.slice(0, at)), id: text.slice(at + 1) };
}

const isSame = (a: Review, b: Review): boolean => a.at === b.at && a.action === b.action && a.by.name === b.by.name;
