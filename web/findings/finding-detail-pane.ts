import type { FindingDetail, FindingItem } from '../../src/web/api.ts';
import { isAbort } from '../lib/api-client.ts';
import type { App } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import { failureNote, waiting } from '../lib/notices.ts';
import { closeButton } from '../lib/split-view.ts';
import { findingDetail } from './finding-detail.ts';
import { type FindingRow, rowOf } from './finding-row.ts';

/** The side of the list that shows one finding; gone where none is chosen. */
export class FindingDetailPane {
  readonly element = h('section', { class: 'detail', 'aria-label': 'Finding', tabindex: -1, hidden: true });
  readonly #app: App;
  readonly #onClose: () => void;
  #id: string | undefined;
  #row: FindingRow | undefined;
  #abort = new AbortController();

  constructor(app: App, onClose: () => void) {
    this.#app = app;
    this.#onClose = onClose;
  }

  get row(): FindingRow | undefined {
    return this.#row;
  }

  show(id: string | undefined): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#row = undefined;
    this.element.hidden = id === undefined;
    this.#abort.abort();
    if (id === undefined) {
      fill(this.element);
      return;
    }
    fill(this.element, waiting('Loading the finding'));
    this.element.scrollTop = 0;
    void this.#load(id);
  }

  /** Someone reviewed it, or more of it happened. */
  take(item: FindingItem): void {
    if (item.finding.id === this.#id) this.refresh();
  }

  refresh(): void {
    if (this.#id !== undefined) void this.#load(this.#id);
  }

  close(): void {
    this.#abort.abort();
  }

  async #load(id: string): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    try {
      const detail = await this.#app.api.get<FindingDetail>(`findings/${encodeURIComponent(id)}`, {}, this.#abort.signal);
      this.#row = rowOf(detail.item);
      fill(this.element, findingDetail(this.#app, detail, this.#onClose));
    } catch (error) {
      if (!isAbort(error))
        fill(
          this.element,
          closeButton(this.#onClose),
          failureNote(error, () => void this.#load(id)),
        );
    }
  }
}
