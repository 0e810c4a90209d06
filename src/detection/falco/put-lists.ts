/** A list ready to be put into conditions: its items as they are written there. */
export interface ListText {
  readonly name: string;
  readonly items: readonly string[];
}

const blanks = ' \t\n\r';
const delimiters = `${blanks}(),=`;

/**
 * An item as it stands in a condition: in quotes where it would not be one bare text. A backslash is written as its
 * number, because a quote after one does not end a text.
 */
export function quotedItem(item: string): string {
  if (item.startsWith('"') || item.startsWith("'")) return item;
  return item === '' || /[\s(),='"]/.test(item) ? `"${item.replaceAll('\\', '\\x5c').replaceAll('"', '\\"')}"` : item;
}

/** A condition's text while lists are put in; remembers for each character where it came from. */
class Substitution {
  text: string;
  origins: number[];

  constructor(text: string) {
    this.text = text;
    this.origins = Array.from({ length: text.length }, (_, i) => i);
  }

  #is(set: string, at: number): boolean {
    return set.includes(this.text.charAt(at));
  }

  put(list: ListText): void {
    for (let start = this.text.indexOf(list.name); start >= 0; ) {
      const end = start + list.name.length;
      const alone = (start === 0 || this.#is(delimiters, start - 1)) && (end >= this.text.length || this.#is(delimiters, end));
      const next = alone ? this.#replace(start, end, list.items.join(', ')) : start + 1;
      start = this.text.indexOf(list.name, next);
    }
  }

  /** White space around the name goes; of an empty list a comma beside it too. Returns where to look on. */
  #replace(nameStart: number, nameEnd: number, items: string): number {
    let [start, end] = [nameStart, nameEnd];
    while (start > 0 && this.#is(blanks, start - 1)) start--;
    while (end < this.text.length && this.#is(blanks, end)) end++;
    if (items === '' && start > 0 && this.text[start - 1] === ',') start--;
    else if (items === '' && this.text[end] === ',') end++;
    const put = `${start > 0 ? ' ' : ''}${items} `;
    const origin = this.origins[nameStart] ?? 0;
    this.text = this.text.slice(0, start) + put + this.text.slice(end);
    this.origins.splice(start, end - start, ...Array.from({ length: put.length }, () => origin));
    return start + put.length;
  }
}

export interface PutText {
  readonly text: string;
  /** The place in the text before, for a place in this one. */
  readonly originOf: (at: number) => number;
}

/**
 * Puts lists into a condition, where their names stand alone between white space, parentheses, commas and `=`. Lists are
 * put in one after the other, so that an item that names a later list is replaced as well.
 */
export function putLists(text: string, lists: readonly ListText[]): PutText {
  const work = new Substitution(text);
  for (const list of lists) if (list.name !== '') work.put(list);
  const { origins } = work;
  return { text: work.text, originOf: (at) => origins[Math.min(at, origins.length - 1)] ?? 0 };
}
