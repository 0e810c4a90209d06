import type { Readable, Writable } from 'node:stream';

/** The reader of standard output went away: nothing is wrong, there is just nobody to write for. */
export class OutputClosed extends Error {
  constructor() {
    super('standard output was closed');
    this.name = 'OutputClosed';
  }
}

/** A stream as the program needs it; a terminal has a width. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/**
 * The one place that writes to standard output and standard error. Results go to standard output, with backpressure;
 * everything said about them goes to standard error.
 */
export class Output {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #closed = false;
  #progressShown = false;
  /** Lines of the block that stand on the terminal. */
  #blockLines = 0;
  #sayOnScreen: ((text: string) => void) | undefined;
  #unsaid = '';

  constructor(stdout: OutputStream, stderr: OutputStream, env: Readonly<Record<string, string | undefined>>) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#env = env;
    stdout.on('error', () => {
      this.#closed = true;
    });
    stderr.on('error', () => undefined);
  }

  /** Width of standard output; 100 where it is no terminal. */
  get columns(): number {
    return this.#stdout.isTTY ? (this.#stdout.columns ?? 80) : 100;
  }

  /** Room for a table: in a pipe or a file nothing is cut. */
  get tableColumns(): number {
    return this.isTerminal ? this.columns : Number.POSITIVE_INFINITY;
  }

  /** Whether results may have colour: on a terminal, unless NO_COLOR is set (https://no-color.org). */
  get colour(): boolean {
    if (this.#env['NO_COLOR']) return false;
    const isForced = ['FORCE_COLOR', 'CLICOLOR_FORCE'].some((name) => this.#env[name] && this.#env[name] !== '0');
    return isForced || this.isTerminal;
  }

  /** Whether standard output is a terminal that understands more than lines. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true && this.#env['TERM'] !== 'dumb';
  }

  /** Whether somebody watches standard error. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /**
   * Hands standard output to something that draws on the whole screen, until `giveScreen`. What else is said meanwhile goes to
   * `say`, and stands on standard error when the screen is given back.
   */
  takeScreen(say: (text: string) => void): OutputStream {
    this.#sayOnScreen = say;
    return this.#stdout;
  }

  giveScreen(): void {
    this.#sayOnScreen = undefined;
    const text = this.#unsaid;
    this.#unsaid = '';
    if (text !== '') this.complain(text);
  }

  /** Resolves once the bytes were taken; the buffer may be used again then. @throws OutputClosed */
  write(data: Uint8Array | string): Promise<void> {
    this.block([]);
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new OutputClosed();
      this.#stdout.write(data, (error) => {
        if (error) reject(new OutputClosed());
        else resolve();
      });
    });
  }

  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Width of standard error; 100 where it is no terminal. */
  get errorColumns(): number {
    return this.#stderr.isTTY ? (this.#stderr.columns ?? 80) : 100;
  }

  /** One line on standard error. */
  note(text: string): void {
    this.complain(`${text}\n`);
  }

  /** Text as it is on standard error. */
  complain(text: string): void {
    if (this.#sayOnScreen) {
      this.#unsaid += text;
      this.#sayOnScreen(text.trim());
      return;
    }
    this.block([]);
    this.progress(undefined);
    this.#stderr.write(text);
  }

  /** Lines that are overwritten by the next block and removed by whatever else is said; none: removes them. Only on a terminal. */
  block(lines: readonly string[]): void {
    if (!this.isWatched || (lines.length === 0 && this.#blockLines === 0)) return;
    const back = this.#blockLines === 0 ? '' : `\u001b[${this.#blockLines}A\r\u001b[J`;
    this.#blockLines = lines.length;
    this.#stderr.write(`${back}${lines.map((line) => `${line}\n`).join('')}`);
  }

  /** A line that is overwritten by the next one; undefined removes it. Only on a terminal. */
  progress(text: string | undefined): void {
    if (!this.isWatched || (text === undefined && !this.#progressShown)) return;
    this.#progressShown = text !== undefined;
    this.#stderr.write(`\r\u001b[K${text ?? ''}`);
  }
}

/** What a command has to work with. */
export interface CliContext {
  readonly output: Output;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user or the system asks to stop. */
  readonly stop: AbortSignal;
  /** The exit code if nothing fails from here on. */
  setExitCode(code: number): void;
}

/** The context of this process. */
export function processContext(stop: AbortSignal, setExitCode: (code: number) => void): CliContext {
  const { stdin, env } = process;
  return { output: new Output(process.stdout, process.stderr, env), stdin, env, stop, setExitCode };
}
