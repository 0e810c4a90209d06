import type { FindingItem, FindingQuery, FindingsPage } from '../../src/web/api.ts';
import { type ApiClient, isAbort } from '../lib/api-client.ts';
import { type FindingRow, rowOf } from './finding-row.ts';
import { matches } from './findings-query.ts';

const pageRows = 1000;
/** So many are kept; beyond, the time has to be narrowed. 100,000 rows take about 60 MB. */
export const loadLimit = 100_000;

export interface FindingsEvents {
  /** Rows changed; `added` came in at the top. */
  onChange(added: number): void;
  onFailure(error: unknown): void;
  /** What changed after this position is not in what was loaded. */
  onPosition(position: string): void;
}

/** Findings of one query: loaded page by page as they are needed, kept up to date by the stream. */
export class FindingsModel {
  readonly #api: ApiClient;
  readonly #events: FindingsEvents;
  #query: FindingQuery = {};
  #abort = new AbortController();
  #rows: FindingRow[] = [];
  readonly #ids = new Set<string>();
  #total = 0;
  #next: string | undefined;
  #wanted = 0;
  #isLoading = false;

  constructor(api: ApiClient, events: FindingsEvents) {
    this.#api = api;
    this.#events = events;
  }

  get rows(): readonly FindingRow[] {
    return this.#rows;
  }

  /** How many the query finds, loaded or not. */
  get total(): number {
    return Math.max(this.#total, this.#rows.length);
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  /** Starts again with another query. */
  async load(query: FindingQuery): Promise<void> {
    this.close();
    this.#abort = new AbortController();
    this.#query = query;
    this.#wanted = 1;
    this.#isLoading = false;
    this.#next = undefined;
    await this.#loadPages(true);
  }

  /** Loads until so many rows are there, or all. */
  need(rows: number): void {
    this.#wanted = Math.max(this.#wanted, Math.min(rows, loadLimit));
    if (!this.#isLoading && this.#next !== undefined && this.#rows.length < this.#wanted) void this.#loadPages(false);
  }

  /** A finding that is new, revised or reviewed. */
  take(item: FindingItem): void {
    const { id } = item.finding;
    const isWanted = matches(this.#query, item);
    if (!this.#ids.has(id)) {
      if (!isWanted || this.#isOlder(item)) return;
      this.#ids.add(id);
      this.#rows.unshift(rowOf(item));
      this.#total++;
      if (this.#rows.length > loadLimit) this.#dropOldest();
      this.#events.onChange(1);
      return;
    }
    const at = this.#rows.findIndex((row) => row.id === id);
    if (isWanted) this.#rows[at] = rowOf(item);
    else {
      this.#rows.splice(at, 1);
      this.#ids.delete(id);
      this.#total--;
    }
    this.#events.onChange(0);
  }

  close(): void {
    this.#abort.abort();
  }

  /** It stands behind what is loaded: it comes with its page, or is one too many. */
  #isOlder({ finding }: FindingItem): boolean {
    const last = this.#rows.at(-1);
    const isCut = this.#next !== undefined || this.#rows.length >= loadLimit;
    return isCut && last !== undefined && Date.parse(finding.time) < last.timeMs;
  }

  /** A page may stay open for weeks. What would be loaded next does not follow on what is left. */
  #dropOldest(): void {
    const oldest = this.#rows.pop();
    if (oldest) this.#ids.delete(oldest.id);
    this.#next = undefined;
  }

  async #loadPages(fromStart: boolean): Promise<void> {
    const { signal } = this.#abort;
    this.#isLoading = true;
    try {
      do {
        const isFirst = fromStart && this.#next === undefined;
        const page = await this.#api.get<FindingsPage>(
          'findings',
          { ...this.#query, limit: isFirst ? 100 : pageRows, before: this.#next },
          signal,
        );
        if (signal.aborted) return;
        if (isFirst) {
          this.#forget();
          this.#events.onPosition(page.position);
        }
        this.#append(page);
        if (this.#next === undefined || this.#rows.length >= this.#wanted) this.#isLoading = false;
        this.#events.onChange(0);
      } while (this.#isLoading);
    } catch (error) {
      if (isAbort(error)) return;
      this.#isLoading = false;
      this.#events.onFailure(error);
    }
  }

  #forget(): void {
    this.#rows = [];
    this.#ids.clear();
  }

  #append(page: FindingsPage): void {
    const added = page.items.filter(({ finding }) => !this.#ids.has(finding.id)).map(rowOf);
    for (const { id } of added) this.#ids.add(id);
    this.#rows.push(...added);
    this.#total = page.total;
    this.#next = page.next;
  }
}
