import type { Change } from './change-ring.ts';
import type { EventStream } from './event-stream.ts';
import type { FindingRow } from './finding-row.ts';
import type { FindingsView } from './findings-view.ts';
import { positionText } from './parse-query.ts';

/** Changes that are looked at before others get their turn. */
const changesAtOnce = 500;

/** Sends one client what changes, each finding in its last state: what changes several times while the client is slow is sent once. */
export class ChangePump {
  readonly #stream: EventStream;
  readonly #view: FindingsView;
  readonly #isMeant: (row: FindingRow) => boolean;
  /** Number of the change that was sent last. */
  #at: number;

  constructor(stream: EventStream, view: FindingsView, isMeant: (row: FindingRow) => boolean, from: number) {
    this.#stream = stream;
    this.#view = view;
    this.#isMeant = isMeant;
    this.#at = from;
  }

  /** What a client that has everything continues from; undefined for one that has not. */
  get place(): string | undefined {
    const { changes } = this.#view;
    return this.#at === changes.last ? positionText(changes.end ?? { segment: 0, offset: 0 }) : undefined;
  }

  /** Resolves when the stream ends. */
  async run(): Promise<void> {
    const { changes } = this.#view;
    for (let looked = 1; !this.#stream.ended.aborted; looked++) {
      if (this.#at === changes.last) {
        await changes.changed(this.#stream.ended);
        continue;
      }
      const change = changes.get(this.#at + 1);
      this.#at = change ? change.number : changes.last;
      if (change) await this.#send(change);
      else await this.#stream.send('reset', {}, this.place);
      if (looked % changesAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #send(change: Change): Promise<void> {
    const view = this.#view;
    // The others of a batch carry no id: a client that comes again with one has all of the batch.
    const isEnd = view.changes.get(change.number + 1)?.end !== change.end;
    const id = isEnd ? positionText(change.end) : undefined;
    if (change.silence) await this.#stream.send('silence', change.silence, id);
    const row = change.finding === undefined || !view.isLast(change) ? undefined : view.get(change.finding);
    if (row && this.#isMeant(row)) await this.#stream.send('finding', view.itemOf(row), id);
  }
}
