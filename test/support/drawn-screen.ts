/** What `tail` drew, read as a terminal would; throws at any sequence that it should not have sent. */
export class DrawnScreen {
  readonly #rows: string[][] = [];
  #row = 0;
  #column = 0;
  #rest = '';
  /** Whether the program's own screen is shown, the cursor hidden. */
  isOwn = false;
  isCursorHidden = false;
  colours = 0;

  write(text: string): void {
    let all = this.#rest + text;
    this.#rest = '';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are made of them
    const cut = /\u001b(\[[?0-9;]*)?$/.exec(all);
    if (cut) {
      this.#rest = cut[0];
      all = all.slice(0, cut.index);
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    for (const [piece] of all.matchAll(/\u001b\[[?0-9;]*[a-zA-Z]|[\s\S]/gu)) this.#take(piece);
  }

  get lines(): readonly string[] {
    return Array.from(this.#rows, (row) =>
      Array.from(row ?? [], (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    );
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** The window got smaller: what was below is gone. */
  cutTo(rows: number): void {
    this.#rows.length = Math.min(this.#rows.length, rows);
  }

  #take(piece: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const [, parameters = '', final] = /^\u001b\[([?0-9;]*)([a-zA-Z])$/.exec(piece) ?? [];
    if (final === undefined) {
      this.#put(piece);
      return;
    }
    if (final === 'H') this.#move(parameters);
    else if (final === 'K') this.#line().length = this.#column;
    else if (final === 'J') this.#rows.length = 0;
    else if (final === 'm') this.colours++;
    else if (final === 'h' || final === 'l') this.#mode(parameters, final === 'h');
    else throw new Error(`sent ${JSON.stringify(piece)}`);
  }

  #move(parameters: string): void {
    const [row = 1, column = 1] = parameters.split(';').map(Number);
    [this.#row, this.#column] = [row - 1, column - 1];
  }

  #mode(parameters: string, isOn: boolean): void {
    if (parameters === '?1049') this.isOwn = isOn;
    if (parameters === '?25') this.isCursorHidden = !isOn;
  }

  #put(character: string): void {
    if (character === '\r' || character === '\n') return;
    if (/[\p{Cc}\p{Cf}]/u.test(character)) throw new Error(`sent ${JSON.stringify(character)}`);
    this.#line()[this.#column++] = character;
  }

  #line(): string[] {
    const line = this.#rows[this.#row] ?? [];
    this.#rows[this.#row] = line;
    return line;
  }
}
