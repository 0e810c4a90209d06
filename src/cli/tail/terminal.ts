import type { CliContext, OutputStream } from '../output.ts';
import { enterScreen, leaveScreen } from './painter.ts';

/** A terminal's keyboard. */
interface Keyboard {
  setRawMode?(isRaw: boolean): unknown;
}

export interface TerminalEvents {
  readonly bytes: (bytes: Uint8Array) => void;
  /** The size is another, or the screen was somebody else's for a while. */
  readonly changed: () => void;
  /** Something that would have gone to standard error. */
  readonly said: (text: string) => void;
  /** The keyboard is gone. */
  readonly closed: () => void;
}

/** How long a process that was asked to stop may take before it counts as one that cannot be stopped. */
const stopMs = 100;

/**
 * The terminal while it belongs to the program: its own screen, keys one by one. It is given back when the program ends, however
 * it ends (all but `kill -9`), while it is suspended, and before anything else is said.
 */
export class Terminal {
  readonly #context: CliContext;
  readonly #screen: OutputStream;
  readonly #events: TerminalEvents;
  readonly #leave = (): void => this.#end();
  readonly #come = (): void => this.#comeBack();
  readonly #bytes = (bytes: Uint8Array): void => this.#events.bytes(bytes);
  readonly #changed = (): void => this.#events.changed();
  readonly #closed = (): void => this.#events.closed();
  #isHeld = false;
  #isDraining = false;

  constructor(context: CliContext, events: TerminalEvents) {
    this.#context = context;
    this.#events = events;
    this.#screen = context.output.takeScreen(events.said);
    process.on('exit', this.#leave);
    process.on('SIGCONT', this.#come);
    this.#screen.on('resize', this.#changed);
    context.stdin.on('data', this.#bytes);
    context.stdin.on('end', this.#closed);
    context.stdin.on('error', this.#closed);
    this.#take();
  }

  get columns(): number {
    return this.#screen.columns ?? 80;
  }

  get rows(): number {
    return this.#screen.rows ?? 24;
  }

  /** Whether it has not taken yet what was drawn before: drawing more would only queue up. */
  get isBusy(): boolean {
    return this.#isDraining;
  }

  draw(frame: string): void {
    if (!this.#isHeld || frame === '') return;
    if (this.#screen.write(frame)) return;
    this.#isDraining = true;
    this.#screen.once('drain', () => {
      this.#isDraining = false;
      this.#events.changed();
    });
  }

  /** Ctrl-Z: the shell has the terminal until it brings the program back. */
  suspend(): void {
    this.#giveBack();
    // The whole job, as the terminal's own Ctrl-Z: also what started us (npx).
    process.kill(0, 'SIGTSTP');
    // Where there is no shell to come back from, nothing stops.
    setTimeout(() => {
      if (!this.#isHeld) this.#comeBack();
    }, stopMs);
  }

  close(): void {
    this.#end();
    process.off('exit', this.#leave);
    process.off('SIGCONT', this.#come);
    this.#screen.off('resize', this.#changed);
    const { stdin } = this.#context;
    stdin.off('data', this.#bytes);
    stdin.off('end', this.#closed);
    stdin.off('error', this.#closed);
    stdin.pause();
  }

  /** For good: what was said meanwhile can be read now. */
  #end(): void {
    this.#giveBack();
    this.#context.output.giveScreen();
  }

  #take(): void {
    this.#isHeld = true;
    (this.#context.stdin as Keyboard).setRawMode?.(true);
    this.#screen.write(enterScreen);
  }

  #giveBack(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    (this.#context.stdin as Keyboard).setRawMode?.(false);
    this.#screen.write(leaveScreen);
  }

  #comeBack(): void {
    // Whoever had the terminal may have left it in another mode.
    this.#giveBack();
    this.#take();
    this.#events.changed();
  }
}
