import { fillLine, type StyledLine } from '../styled-line.ts';
import { findingLine, type LineStyle } from './finding-line.ts';
import type { FindingList, ListRow } from './finding-list.ts';
import type { KeyName } from './keys.ts';

export type Move = Extract<KeyName, 'up' | 'down' | 'home' | 'end' | 'page-up' | 'page-down'>;

/** The part of a list that is seen, and the row that is chosen. Follows the newest until it is moved away from it. */
export class ListPane {
  readonly #list: FindingList;
  #isFollowing = true;
  /** Places, not indices: rows come and go. */
  #cursor = 0;
  #top = 0;

  constructor(list: FindingList) {
    this.#list = list;
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  get chosen(): ListRow | undefined {
    const { shown } = this.#list;
    return this.#isFollowing ? shown.at(-1) : (shown[this.#list.indexOf(this.#cursor)] ?? shown.at(-1));
  }

  /** Rows that came in behind the chosen one. */
  get behind(): number {
    const { shown } = this.#list;
    return this.#isFollowing ? 0 : Math.max(0, shown.length - 1 - this.#index());
  }

  move(move: Move, height: number): void {
    const { shown } = this.#list;
    const page = Math.max(1, height - 1);
    const steps: Readonly<Record<Move, number>> = {
      ...{ up: -1, down: 1, 'page-up': -page, 'page-down': page },
      ...{ home: -shown.length, end: shown.length },
    };
    const wanted = this.#index() + steps[move];
    const index = Math.max(0, Math.min(shown.length - 1, wanted));
    this.#cursor = shown[index]?.place ?? 0;
    // At the end on purpose: the newest are followed again.
    this.#isFollowing = wanted >= shown.length - 1 && move !== 'up' && move !== 'page-up' && move !== 'home';
  }

  lines(
    columns: number,
    height: number,
    style: Omit<LineStyle, 'columns'>,
    isSilenced: (row: ListRow) => boolean,
  ): readonly StyledLine[] {
    const { shown } = this.#list;
    const index = this.#index();
    const top = this.#isFollowing ? Math.max(0, shown.length - height) : this.#scrolled(index, height);
    this.#top = shown[top]?.place ?? 0;
    const rows = shown.slice(top, top + height);
    return Array.from({ length: height }, (_, i) => {
      const row = rows[i];
      if (!row) return fillLine([], columns);
      const isChosen = top + i === index;
      const { finding, state } = row.item;
      const mark = { state, ...(isSilenced(row) && { silence: '' }) };
      const line = findingLine(finding, { ...style, columns: columns - 1 }, mark);
      // The sign before it tells, also without colour.
      return fillLine([{ text: isChosen ? '>' : ' ' }, ...line], columns, isChosen ? 'chosen' : undefined);
    });
  }

  #index(): number {
    const { shown } = this.#list;
    const last = Math.max(0, shown.length - 1);
    return this.#isFollowing ? last : Math.min(last, this.#list.indexOf(this.#cursor));
  }

  /** The first row to show, so that the chosen one is seen and as little moves as can be. */
  #scrolled(index: number, height: number): number {
    const top = this.#list.indexOf(this.#top);
    const most = Math.max(0, this.#list.shown.length - height);
    const seen = index < top ? index : index >= top + height ? index - height + 1 : top;
    return Math.max(0, Math.min(seen, most));
  }
}
