import { describeFault, Fault } from '../../core/faults.ts';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import { SilenceBook } from '../../routing/silence-book.ts';
import type { CliContext } from '../output.ts';
import type { ZoneClock } from '../zone-clock.ts';
import type { Feed, FeedEvent } from './feed.ts';
import { KeyReader } from './keys.ts';
import { Painter } from './painter.ts';
import { type Effect, Screen } from './screen.ts';
import { Terminal } from './terminal.ts';

export interface ScreenRun {
  readonly context: CliContext;
  readonly feed: Feed;
  readonly clock: ZoneClock;
  readonly colour: boolean;
  readonly ascii: boolean;
  readonly isWanted: (finding: Finding) => boolean;
  readonly nowMs: () => number;
}

/** At most 20 frames a second, however fast findings come. */
const frameMs = 50;

/** Shows findings on the whole terminal until the person leaves, or the program is asked to stop. @throws what the feed throws */
export async function runScreen(run: ScreenRun): Promise<void> {
  const session = new ScreenSession(run);
  try {
    await session.read();
  } finally {
    session.close();
  }
}

class ScreenSession {
  readonly #run: ScreenRun;
  readonly #screen: Screen;
  readonly #painter: Painter;
  readonly #terminal: Terminal;
  readonly #keys = new KeyReader();
  readonly #end = new AbortController();
  readonly #silences = new SilenceBook(limits.silences);
  readonly #seconds: NodeJS.Timeout;
  #frame: NodeJS.Timeout | undefined;
  #drawnMs = 0;

  constructor(run: ScreenRun) {
    const { feed, clock, colour, ascii, context, nowMs } = run;
    this.#run = run;
    const isSilenced = (finding: Finding): boolean => this.#silences.of(finding, nowMs()) !== undefined;
    this.#screen = new Screen({ title: feed.title, readOnly: feed.readOnly, clock, most: limits.tailFindings, isSilenced });
    this.#painter = new Painter(colour, ascii);
    this.#terminal = new Terminal(context, {
      bytes: (bytes) => this.#type(bytes),
      changed: () => this.#redraw(),
      said: (text) => this.#screen.say(text),
      closed: () => this.#end.abort(),
    });
    // Silences end, and days.
    this.#seconds = setInterval(() => this.#soon(), 1000);
    this.#redraw();
  }

  async read(): Promise<void> {
    const { feed, context } = this.#run;
    const stop = AbortSignal.any([context.stop, this.#end.signal]);
    const watched = feed.watch?.(stop, (status) => {
      this.#screen.status = status;
      this.#soon();
    });
    for await (const events of feed.read(stop, true)) {
      for (const event of events) this.#take(event);
      this.#soon();
      // Keys and frames get their turn, however fast the log is.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await watched;
  }

  close(): void {
    clearInterval(this.#seconds);
    clearTimeout(this.#frame);
    this.#end.abort();
    this.#terminal.close();
  }

  #take(event: FeedEvent): void {
    switch (event.type) {
      case 'finding':
        if (this.#run.isWanted(event.item.finding)) this.#screen.list.put(event.item);
        break;
      case 'review':
        this.#screen.list.review(event.review);
        break;
      case 'silence':
        this.#silences.add(event.silence, this.#run.nowMs());
        this.#screen.list.again();
        break;
      case 'current':
        this.#screen.current();
        break;
      case 'status':
        this.#screen.status = event.status;
        break;
      case 'said':
        this.#screen.say(event.text);
    }
  }

  #type(bytes: Uint8Array): void {
    for (const key of this.#keys.read(bytes)) {
      const effect = this.#screen.key(key);
      if (effect) this.#do(effect);
    }
    this.#soon();
  }

  #do(effect: Effect): void {
    const { feed } = this.#run;
    switch (effect.type) {
      case 'quit':
        this.#end.abort();
        break;
      case 'suspend':
        this.#terminal.suspend();
        break;
      case 'redraw':
        this.#redraw();
        break;
      case 'detail':
        this.#later(
          feed.detail(effect.finding, this.#end.signal).then((known) => this.#screen.show(effect.finding.id, known)),
          (problem) => this.#screen.show(effect.finding.id, { problem }),
        );
        break;
      case 'review':
        this.#later(feed.review(effect.finding, effect.action, effect.text).then((text) => this.#screen.say(text)));
        break;
      case 'silence':
        this.#later(feed.silence(effect.match, effect.durationMs, effect.text).then((text) => this.#screen.say(text)));
    }
  }

  /** Something that takes its time; the screen goes on meanwhile. */
  #later(work: Promise<void>, failed = (text: string): void => this.#screen.say(text)): void {
    void work
      .catch((error: unknown) => failed(error instanceof Fault ? describeFault(error).replaceAll('\n', ' ') : 'this failed'))
      .then(() => this.#soon());
  }

  #redraw(): void {
    this.#screen.resize(this.#terminal.columns, this.#terminal.rows);
    this.#painter.forget();
    this.#soon();
  }

  #soon(): void {
    if (this.#frame !== undefined) return;
    const waitMs = Math.max(0, this.#drawnMs + frameMs - this.#run.nowMs());
    this.#frame = setTimeout(() => this.#draw(), Math.min(waitMs, frameMs));
  }

  #draw(): void {
    this.#frame = undefined;
    // A slow connection gets the last state once it has taken the one before.
    if (this.#terminal.isBusy || this.#end.signal.aborted) return;
    this.#drawnMs = this.#run.nowMs();
    this.#terminal.draw(this.#painter.frame(this.#screen.lines(this.#drawnMs), this.#terminal.columns));
  }
}
