import { type Finding, type Severity, severities } from '../../core/finding.ts';
import { isHumanUser } from '../../core/human-user.ts';
import type { Review } from '../../core/review.ts';
import type { FindingItem } from '../../web/api.ts';
import { stateOf } from '../../web/finding-row.ts';
import { searchText } from './finding-filter.ts';

/** A finding in the list. `place` grows with the order in which findings came first. */
export interface ListRow {
  readonly place: number;
  item: FindingItem;
  /** What is searched, made when it is first needed. */
  words: string | undefined;
}

/** What of the list is shown. */
export interface ListFilter {
  /** All these words are in the finding, those with `!` before them are not. */
  readonly text: string;
  readonly least: Severity;
  readonly humans: boolean;
  /** Without what was acknowledged, closed or silenced. */
  readonly open: boolean;
}

export const everything: ListFilter = { text: '', least: 'informational', humans: false, open: false };

/** How many more than the bound may be held before the oldest leave together. */
const slack = 1.1;

/** Findings in the order they came, at most so many; a later revision or a review changes a row where it stands. */
export class FindingList {
  readonly #most: number;
  readonly #isSilenced: (finding: Finding) => boolean;
  readonly #byId = new Map<string, ListRow>();
  #rows: ListRow[] = [];
  #shown: ListRow[] = [];
  #filter: ListFilter = everything;
  #isMeant: (row: ListRow) => boolean = () => true;
  #next = 0;
  #left = 0;

  constructor(most: number, isSilenced: (finding: Finding) => boolean) {
    this.#most = most;
    this.#isSilenced = isSilenced;
  }

  /** In order, oldest first. */
  get shown(): readonly ListRow[] {
    return this.#shown;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Findings that had to leave. */
  get left(): number {
    return this.#left;
  }

  get filter(): ListFilter {
    return this.#filter;
  }

  set filter(filter: ListFilter) {
    this.#filter = filter;
    this.#isMeant = meaning(filter, this.#isSilenced);
    this.again();
  }

  /** Filters anew: silences begin and end. */
  again(): void {
    this.#shown = this.#rows.filter(this.#isMeant);
  }

  get(id: string): ListRow | undefined {
    return this.#byId.get(id);
  }

  put(item: FindingItem): void {
    const known = this.#byId.get(item.finding.id);
    if (known) {
      // An older revision can come late, after a connection broke.
      if (known.item.finding.revision > item.finding.revision) return;
      const wasMeant = this.#isMeant(known);
      known.item = item;
      known.words = undefined;
      if (wasMeant !== this.#isMeant(known)) this.again();
      return;
    }
    const row: ListRow = { place: this.#next++, item, words: undefined };
    this.#byId.set(item.finding.id, row);
    this.#rows.push(row);
    if (this.#isMeant(row)) this.#shown.push(row);
    if (this.#rows.length > this.#most * slack) this.#trim();
  }

  /** What a person said of a finding that is in the list. */
  review(review: Review): void {
    const row = this.#byId.get(review.finding);
    if (row) this.put({ ...row.item, state: stateOf({ reviews: [review] }), lastReview: review });
  }

  /** Where a row stands, or the next one after it would, in `shown`. */
  indexOf(place: number): number {
    let [low, high] = [0, this.#shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#shown[middle]?.place ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #trim(): void {
    const gone = this.#rows.length - this.#most;
    for (const { item } of this.#rows.slice(0, gone)) this.#byId.delete(item.finding.id);
    this.#rows = this.#rows.slice(gone);
    this.#left += gone;
    const first = this.#rows[0]?.place ?? 0;
    this.#shown = this.#shown.slice(this.indexOf(first));
  }
}

function meaning(
  { text, least, humans, open }: ListFilter,
  isSilenced: (finding: Finding) => boolean,
): (row: ListRow) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  const from = severities.indexOf(least);
  return (row) => {
    const { finding, state } = row.item;
    if (severities.indexOf(finding.rule.severity) < from) return false;
    if (humans && !isHumanUser(finding.event.user)) return false;
    if (open && (state !== 'open' || isSilenced(finding))) return false;
    if (words.length === 0) return true;
    row.words ??= searchText(finding).toLowerCase();
    const found = row.words;
    return words.every((word) => (word.startsWith('!') ? !found.includes(word.slice(1)) : found.includes(word)));
  };
}
