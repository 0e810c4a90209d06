const none = -1;
const firstStates = 64;

/**
 * Finds which of many words stand in a text, in one pass whatever their number (Aho and Corasick, Efficient string matching,
 * 1975). Words are ASCII. Memory: states times kinds of characters in the words.
 */
export class WordFinder {
  readonly #words: readonly string[];
  /** Column of a character code; 0 for those that stand in no word. */
  readonly #columns = new Uint8Array(128);
  #width = 1;
  #next = new Int32Array(0);
  /** Per state the word that ends there, and the next shorter state where one ends. */
  readonly #ends: number[] = [];
  readonly #shorter: number[] = [];

  constructor(words: readonly string[]) {
    this.#words = words;
    for (const word of words) for (let i = 0; i < word.length; i++) this.#column(word.charCodeAt(i));
    this.#next = new Int32Array(firstStates * this.#width).fill(none);
    this.#state();
    for (const [number, word] of words.entries()) this.#add(word, number);
    this.#link();
  }

  #column(code: number): void {
    if (this.#columns[code] === 0) this.#columns[code] = this.#width++;
  }

  #state(): number {
    const state = this.#ends.push(none) - 1;
    this.#shorter.push(none);
    if ((state + 1) * this.#width > this.#next.length) {
      const grown = new Int32Array(this.#next.length * 2).fill(none);
      grown.set(this.#next);
      this.#next = grown;
    }
    return state;
  }

  #add(word: string, number: number): void {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const at = state * this.#width + (this.#columns[word.charCodeAt(i)] as number);
      if (this.#next[at] === none) {
        const made = this.#state();
        this.#next[at] = made;
      }
      state = this.#next[at] as number;
    }
    this.#ends[state] = number;
  }

  /** Makes the table whole: from every state, what the longest end of what was read leads to. Breadth first. */
  #link(): void {
    const fallback = new Int32Array(this.#ends.length);
    const queue = [0];
    for (let head = 0; head < queue.length; head++) {
      const state = queue[head] as number;
      const back = fallback[state] as number;
      for (let column = 0; column < this.#width; column++) {
        const at = state * this.#width + column;
        const beyond = state === 0 ? 0 : (this.#next[back * this.#width + column] as number);
        const target = this.#next[at] as number;
        if (target === none) this.#next[at] = beyond;
        else {
          fallback[target] = beyond;
          this.#shorter[target] = this.#ends[beyond] === none ? (this.#shorter[beyond] as number) : beyond;
          queue.push(target);
        }
      }
    }
  }

  /** The words that stand in the text, each once. Linear in its length. */
  find(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = this.#next[state * this.#width + (code < 128 ? (this.#columns[code] as number) : 0)] as number;
      let ending = this.#ends[state] === none ? (this.#shorter[state] as number) : state;
      while (ending !== none) {
        found.add(this.#words[this.#ends[ending] as number] as string);
        ending = this.#shorter[ending] as number;
      }
    }
    return found;
  }
}
