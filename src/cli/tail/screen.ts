import { type Finding, severities } from '../../core/finding.ts';
import type { FindingDetail, FindingItem } from '../../web/api.ts';
import { fillLine, type StyledLine } from '../styled-line.ts';
import type { ZoneClock } from '../zone-clock.ts';
import { detailLines, detailTitle, type Known } from './detail-lines.ts';
import { type Dialog, dialogText, type Request, reviewDialog, silenceDialog, turnDialog } from './dialog.ts';
import { everything, FindingList } from './finding-list.ts';
import { shortMasks } from './finding-parts.ts';
import { helpLines } from './help-lines.ts';
import type { Key, KeyName } from './keys.ts';
import { ListPane, type Move } from './list-pane.ts';
import { statusText, type TailStatus } from './status-text.ts';

/** What the program around the screen has to do. */
export type Effect =
  | Request
  | { readonly type: 'detail'; readonly finding: Finding }
  | { readonly type: 'quit' | 'suspend' | 'redraw' };

export interface ScreenOptions {
  /** Where findings come from, for the upper line. */
  readonly title: string;
  readonly clock: ZoneClock;
  readonly most: number;
  readonly isSilenced: (finding: Finding) => boolean;
  /** Why nothing can be reviewed from here; undefined where it can. */
  readonly readOnly?: string | undefined;
}

type View =
  | { readonly type: 'list' }
  | { readonly type: 'help' }
  | { readonly type: 'detail'; readonly id: string; readonly known: Known };

const moves: Readonly<Record<string, Move>> = {
  ...{ up: 'up', down: 'down', home: 'home', end: 'end', 'page-up': 'page-up', 'page-down': 'page-down' },
  ...{ k: 'up', j: 'down', g: 'home', G: 'end', ' ': 'page-down', b: 'page-up', 'ctrl-d': 'page-down', 'ctrl-u': 'page-up' },
};
const hint = '/ filter  Enter open  a ack  x close  s silence  h people  + - severity  ? help  q quit';
/** Smaller than this there is room for nothing. */
const least = { columns: 20, rows: 5 };

/** What is on the terminal, as a function of what came and which keys were pressed. Knows nothing of terminals. */
export class Screen {
  readonly list: FindingList;
  readonly #options: ScreenOptions;
  readonly #pane: ListPane;
  #columns = 80;
  #rows = 24;
  #view: View = { type: 'list' };
  #scroll = 0;
  #dialog: Dialog | undefined;
  #user: string | undefined;
  #status: TailStatus = { problems: [] };
  #said = '';
  #isCurrent = false;
  /** The opened finding as lines: an event can be long, and a frame is drawn twenty times a second. */
  #opened:
    | { readonly item: FindingItem; readonly known: Known; readonly columns: number; readonly lines: readonly StyledLine[] }
    | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.list = new FindingList(options.most, options.isSilenced);
    this.#pane = new ListPane(this.list);
  }

  resize(columns: number, rows: number): void {
    this.#columns = Math.max(1, columns);
    this.#rows = Math.max(1, rows);
  }

  set status(status: TailStatus) {
    this.#status = status;
  }

  /** Everything that was there has come. */
  current(): void {
    this.#isCurrent = true;
  }

  /** A message on the lower line; it stays until the next key. */
  say(text: string): void {
    this.#said = text;
  }

  /** What was found out about a finding, if it is still the one that is looked at. */
  show(id: string, known: FindingDetail | { readonly problem: string }): void {
    if (this.#view.type !== 'detail' || this.#view.id !== id) return;
    this.#view = { ...this.#view, known };
    if ('item' in known) this.list.put(known.item);
  }

  key(key: Key): Effect | undefined {
    this.#said = '';
    if (this.#dialog) return this.#turn(this.#dialog, key);
    const name = key.type === 'named' ? key.name : key.text;
    const general = this.#general(name);
    if (general !== undefined) return general;
    if (this.#view.type !== 'list') return this.#inner(name);
    return this.#inList(name);
  }

  #general(name: KeyName | string): Effect | undefined {
    if (name === 'ctrl-c') return { type: 'quit' };
    if (name === 'ctrl-z') return { type: 'suspend' };
    if (name === 'ctrl-l') return { type: 'redraw' };
    if (name === '?') this.#open({ type: 'help' });
    const row = this.#chosen;
    if (!row || this.#view.type === 'help') return undefined;
    if (/^[axrs]$/.test(name) && this.#options.readOnly !== undefined) this.#said = this.#options.readOnly;
    else if (name === 'a') this.#dialog = reviewDialog(row.finding, 'acknowledge');
    else if (name === 'x') this.#dialog = reviewDialog(row.finding, 'close');
    else if (name === 'r') this.#dialog = reviewDialog(row.finding, 'reopen');
    else if (name === 's') this.#dialog = silenceDialog(row.finding);
    return undefined;
  }

  /** Keys of the detail and of the help. */
  #inner(name: KeyName | string): Effect | undefined {
    const page = Math.max(1, this.#height - 1);
    const steps: Readonly<Record<Move, number>> = {
      ...{ up: -1, down: 1, 'page-up': -page, 'page-down': page },
      ...{ home: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY },
    };
    const move = moves[name];
    if (move) this.#scroll = Math.max(0, Math.min(this.#scroll + steps[move], Math.max(0, this.#body().length - this.#height)));
    else if (name === 'escape' || name === 'q' || name === 'left' || name === 'backspace') this.#open({ type: 'list' });
    else if (this.#view.type === 'detail' && (name === 'n' || name === 'p')) {
      this.#pane.move(name === 'n' ? 'down' : 'up', this.#height);
      return this.#detail();
    }
    return undefined;
  }

  #inList(name: KeyName | string): Effect | undefined {
    const move = moves[name];
    const { filter } = this.list;
    if (move) this.#pane.move(move, this.#height);
    else if (name === 'q') return { type: 'quit' };
    else if (name === 'enter' || name === 'right') return this.#detail();
    else if (name === '/') this.#dialog = { type: 'filter', before: filter.text, field: { label: '/', text: filter.text } };
    else if (name === 'escape') this.list.filter = everything;
    else if (name === 'h') this.list.filter = { ...filter, humans: !filter.humans };
    else if (name === 'z') this.list.filter = { ...filter, open: !filter.open };
    else if (name === '+' || name === '-') this.#least(name === '+' ? 1 : -1);
    else if (name === 'u') this.#onlyUser();
    return undefined;
  }

  #least(step: number): void {
    const { filter } = this.list;
    const least = severities[severities.indexOf(filter.least) + step];
    if (least !== undefined) this.list.filter = { ...filter, least };
  }

  #onlyUser(): void {
    const { filter } = this.list;
    const user = this.#chosen?.finding.event.user;
    // A word of a filter has no blanks; a user may have.
    const word = user === undefined ? undefined : shortMasks(user).split(/\s/)[0];
    const isSet = this.#user !== undefined && filter.text.includes(this.#user);
    const text = isSet ? filter.text.replace(this.#user ?? '', '').trim() : `${filter.text} ${word ?? ''}`.trim();
    this.#user = isSet ? undefined : word;
    this.list.filter = { ...filter, text };
  }

  #turn(dialog: Dialog, key: Key): Effect | undefined {
    const turn = turnDialog(dialog, key);
    this.#dialog = 'dialog' in turn ? turn.dialog : undefined;
    if (dialog.type === 'filter') {
      const isLeft = !('dialog' in turn) && key.type === 'named' && key.name !== 'enter';
      const text = isLeft
        ? dialog.before
        : 'dialog' in turn && turn.dialog.type === 'filter'
          ? turn.dialog.field.text
          : dialog.field.text;
      if (text !== this.list.filter.text) this.list.filter = { ...this.list.filter, text };
    }
    return 'end' in turn ? turn.end : undefined;
  }

  #detail(): Effect | undefined {
    const row = this.#pane.chosen;
    if (!row) return undefined;
    const { finding } = row.item;
    this.#open({ type: 'detail', id: finding.id, known: 'loading' });
    return { type: 'detail', finding };
  }

  #open(view: View): void {
    this.#view = view;
    this.#scroll = 0;
  }

  /** What a, x, r and s are about. */
  get #chosen(): FindingItem | undefined {
    const row = this.#view.type === 'detail' ? this.list.get(this.#view.id) : this.#pane.chosen;
    return row?.item;
  }

  get #height(): number {
    return Math.max(1, this.#rows - 3);
  }

  #body(): readonly StyledLine[] {
    if (this.#view.type === 'help') return helpLines;
    const row = this.#view.type === 'detail' ? this.list.get(this.#view.id) : undefined;
    if (this.#view.type !== 'detail' || !row) return [[{ text: 'This finding has left the list.' }]];
    const { item } = row;
    const [known, columns] = [this.#view.known, this.#columns];
    const opened = this.#opened;
    if (opened?.item === item && opened.known === known && opened.columns === columns) return opened.lines;
    const lines = detailLines(item, known, columns, this.#options.clock);
    this.#opened = { item, known, columns, lines };
    return lines;
  }

  /** The whole screen: as many lines as there are rows, each as wide as the screen. */
  lines(nowMs: number): readonly StyledLine[] {
    const [columns, rows] = [this.#columns, this.#rows];
    if (columns < least.columns || rows < least.rows) {
      return Array.from({ length: rows }, (_, i) => fillLine(i === 0 ? [{ text: 'too small' }] : [], columns));
    }
    return [
      fillLine([{ text: ` ${this.#title(nowMs)}` }], columns, 'chosen'),
      ...this.#middle(nowMs),
      fillLine([{ text: this.#lower() }], columns),
      fillLine([{ text: statusText(this.#status), style: 'dim' }], columns),
    ];
  }

  #middle(nowMs: number): readonly StyledLine[] {
    const [columns, height] = [this.#columns, this.#height];
    if (this.#view.type !== 'list') {
      const body = this.#body().slice(this.#scroll, this.#scroll + height);
      return Array.from({ length: height }, (_, i) => fillLine(body[i] ?? [], columns));
    }
    const { clock, isSilenced } = this.#options;
    if (this.list.shown.length === 0) {
      const text =
        this.list.size > 0 ? 'Nothing here fits the filter (Esc clears it).' : this.#isCurrent ? 'No findings yet.' : 'Reading …';
      return Array.from({ length: height }, (_, i) => fillLine(i === 0 ? [{ text: ` ${text}` }] : [], columns));
    }
    const today = clock.show(new Date(nowMs).toISOString()).date;
    return this.#pane.lines(columns, height, { clock, today }, ({ item }) => isSilenced(item.finding));
  }

  #title(nowMs: number): string {
    const { title, clock } = this.#options;
    if (this.#view.type === 'help') return 'Help';
    const chosen = this.#chosen;
    if (this.#view.type === 'detail') return chosen ? detailTitle(chosen) : '';
    const { filter, shown, size, left } = this.list;
    const shownTime = clock.show(chosen?.finding.time ?? new Date(nowMs).toISOString());
    const counts = shown.length === size ? `${size} findings` : `${shown.length} of ${size} findings`;
    const parts = [
      counts,
      filter.text === '' ? '' : `/${filter.text}`,
      filter.least === 'informational' ? '' : `from ${filter.least} on`,
      filter.humans ? 'people only' : '',
      filter.open ? 'open only' : '',
      left > 0 ? `${left} older ones left the list` : '',
      `${shownTime.date} ${shownTime.offset === 'Z' ? 'UTC' : shownTime.offset}`,
      title,
    ];
    return parts.filter((part) => part !== '').join(' · ');
  }

  #lower(): string {
    if (this.#dialog) return dialogText(this.#dialog, this.#columns);
    if (this.#said !== '') return this.#said;
    if (this.#view.type === 'help') return 'Esc back';
    if (this.#view.type === 'detail') return 'Esc back  j k Space scroll  n p next, previous  a ack  x close  s silence';
    const { behind } = this.#pane;
    return this.#pane.isFollowing ? hint : `paused: ${behind} below (G follows again)  ${hint}`;
  }
}
