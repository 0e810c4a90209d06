import { asciiLine, fillLine, type StyledLine, terminalText } from '../styled-line.ts';

/** Control sequences of terminals (ECMA-48, and private modes of DEC and xterm that every terminal in use knows or passes over). */
export const enterScreen = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
export const leaveScreen = '\u001b[?7h\u001b[?25h\u001b[0m\u001b[?1049l';
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';

/** Turns a screen into what has to be written: only lines that changed since the last frame. */
export class Painter {
  readonly #colour: boolean;
  readonly #ascii: boolean;
  #before: readonly string[] = [];

  constructor(colour: boolean, ascii: boolean) {
    this.#colour = colour;
    this.#ascii = ascii;
  }

  /** Everything is drawn anew next time: the terminal was somebody else's, or has another size. */
  forget(): void {
    this.#before = [];
  }

  /** Empty where nothing changed. */
  frame(lines: readonly StyledLine[], columns: number): string {
    const now = lines.map((line) =>
      terminalText(this.#ascii ? asciiLine(fillLine(asciiLine(line), columns)) : line, this.#colour),
    );
    const isNew = this.#before.length !== now.length;
    const changed = now.flatMap((text, row) =>
      !isNew && this.#before[row] === text ? [] : [`\u001b[${row + 1};1H\u001b[K${text}`],
    );
    this.#before = now;
    return changed.length === 0 ? '' : beginFrame + changed.join('') + endFrame;
  }
}
