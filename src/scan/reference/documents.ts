import { type Spelling, TextDocument } from './text-document.ts';

/** Documents kept for reuse; an event with more makes new ones. */
const keptDocuments = 64;

/** The texts of one event: the event itself and all that its strings hold, in the order they were opened. */
export class Documents {
  readonly #documents: TextDocument[] = [];
  #used = 0;
  #dropped = 0;
  /** Told of each text with settled edits, innermost first. */
  observer: ((document: TextDocument) => void) | undefined;

  /** Starts a new event. */
  begin(bytes: Uint8Array, start: number, end: number): TextDocument {
    for (let i = 0; i < this.#used; i++) (this.#documents[i] as TextDocument).trim();
    this.#used = 0;
    this.#dropped = 0;
    if (this.#documents.length > keptDocuments) this.#documents.length = keptDocuments;
    const event = this.make();
    event.reset(undefined, 'root', bytes, start, end);
    return event;
  }

  /** The event itself. */
  get event(): TextDocument {
    return this.#documents[0] as TextDocument;
  }

  /** How many there are: a mark to go back to. */
  get used(): number {
    return this.#used;
  }

  /** How many there have been in this event, without those that turned out to be none. */
  get opened(): number {
    return this.#used + this.#dropped;
  }

  /** A document without a text yet. */
  make(): TextDocument {
    const document = this.#documents[this.#used] ?? new TextDocument();
    this.#documents[this.#used++] = document;
    return document;
  }

  /** Decoded text of a part of another document. */
  child(parent: TextDocument, spelling: Extract<Spelling, 'json' | 'percent'>, start: number, end: number): TextDocument {
    const document = this.make();
    document.decode(parent, spelling, start, end);
    return document;
  }

  /** Lets go of the document that was opened last, where it has been read and nothing was found in it: a query has a hundred thousand of them. */
  drop(document: TextDocument): void {
    if (this.#documents[this.#used - 1] !== document || document.edits.count > 0) return;
    this.#used--;
    this.#dropped++;
  }

  /** Drops all documents opened since `used` was read: nothing of them will be carried out. */
  abandon(used: number): void {
    for (let i = used; i < this.#used; i++) (this.#documents[i] as TextDocument).edits.clear();
    this.#used = used;
  }

  /**
   * Carries the documents opened since `used` was read out into `into`, which they are in, and drops them; `counts` takes rule
   * and number in turn. Their values are finished: no mask waits for them.
   */
  fold(used: number, into: TextDocument, counts: number[]): void {
    for (let i = this.#used - 1; i >= used; i--) {
      const document = this.#documents[i] as TextDocument;
      const { edits, parent } = document;
      if (edits.count === 0 || !parent || isReleased(document, into)) continue;
      edits.settle();
      for (const { start, end, of } of document.innerCounts) if (!edits.isReleased(start, end)) counts.push(...of);
      for (let k = 0; k < edits.count; k++) if ((edits.rules[k] as number) >= 0) counts.push(edits.rules[k] as number, 1);
      document.carry(parent);
    }
    this.abandon(used);
  }

  /** Carries the edits of inner documents out, innermost first, and counts what is left of them by rule. */
  settle(counts: Uint32Array): void {
    for (let i = this.#used - 1; i >= 0; i--) {
      const document = this.#documents[i] as TextDocument;
      const { edits, parent } = document;
      if (edits.count === 0 || isReleased(document)) continue;
      edits.settle();
      this.observer?.(document);
      for (const { start, end, of } of document.innerCounts) {
        if (edits.isReleased(start, end)) continue;
        for (let k = 0; k < of.length; k += 2)
          counts[of[k] as number] = (counts[of[k] as number] as number) + (of[k + 1] as number);
      }
      for (let k = 0; k < edits.count; k++) {
        const rule = edits.rules[k] as number;
        if (rule >= 0) counts[rule] = (counts[rule] as number) + 1;
      }
      if (parent) document.carry(parent);
    }
  }
}

/** True where the value that the document is in, or one around it up to `within`, is to stay as it is. */
function isReleased(document: TextDocument, within?: TextDocument): boolean {
  for (let inner = document; inner.parent !== undefined && inner !== within; inner = inner.parent)
    if (inner.parent.edits.isReleased(inner.toParent(inner.start), inner.toParent(inner.end))) return true;
  return false;
}
