/**
 * A JSON value that keeps what JSON.parse would change: the spelling of numbers, the order of members, repeated names.
 * `scalar`: number, true, false or null, as spelt.
 */
export type JsonNode =
  | { readonly type: 'string'; readonly text: string }
  | { readonly type: 'scalar'; readonly text: string }
  | { readonly type: 'array'; readonly items: readonly JsonNode[] }
  | { readonly type: 'object'; readonly members: readonly (readonly [name: string, value: JsonNode])[] };

const blank = /[ \t\n\r]*/y;
const scalar = /[-+.\w]+/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): JsonNode | undefined {
    this.#skip();
    const mark = this.#text[this.#at];
    if (mark === '"') {
      const text = this.#string();
      return text === undefined ? undefined : { type: 'string', text };
    }
    if (mark === '[') return this.#array();
    if (mark === '{') return this.#object();
    scalar.lastIndex = this.#at;
    const found = scalar.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return { type: 'scalar', text: found };
  }

  #skip(): void {
    blank.lastIndex = this.#at;
    this.#at += blank.exec(this.#text)?.[0].length ?? 0;
  }

  #takes(mark: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #string(): string | undefined {
    let end = this.#at + 1;
    for (let mark = this.#text[end]; mark !== '"'; mark = this.#text[end]) {
      if (mark === undefined) return undefined;
      end += mark === '\\' ? 2 : 1;
    }
    const source = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    try {
      return JSON.parse(source) as string;
    } catch {
      return undefined;
    }
  }

  #array(): JsonNode | undefined {
    const items: JsonNode[] = [];
    this.#at++;
    if (this.#takes(']')) return { type: 'array', items };
    do {
      const item = this.value();
      if (!item) return undefined;
      items.push(item);
    } while (this.#takes(','));
    return this.#takes(']') ? { type: 'array', items } : undefined;
  }

  #object(): JsonNode | undefined {
    const members: [string, JsonNode][] = [];
    this.#at++;
    if (this.#takes('}')) return { type: 'object', members };
    do {
      this.#skip();
      const name = this.#text[this.#at] === '"' ? this.#string() : undefined;
      const value = name !== undefined && this.#takes(':') ? this.value() : undefined;
      if (name === undefined || !value) return undefined;
      members.push([name, value]);
    } while (this.#takes(','));
    return this.#takes('}') ? { type: 'object', members } : undefined;
  }
}

/** Reads text that is known to be JSON, such as a span of a scanned event; undefined where it is none. Linear. */
export function parseJsonNode(text: string): JsonNode | undefined {
  return new Reader(text).value();
}

/** The value of a member; of repeated names the first. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.type === 'object' ? node.members.find(([key]) => key === name)?.[1] : undefined;
}

/** The value below a chain of member names; arrays on the way end it. */
export function nodeAt(node: JsonNode | undefined, path: readonly string[]): JsonNode | undefined {
  return path.reduce(memberOf, node);
}

/** The elements of a list; none where it is no list. */
export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'array' ? node.items : [];
}

/** JSON without white space. */
export function compactText(node: JsonNode): string {
  switch (node.type) {
    case 'string':
      return JSON.stringify(node.text);
    case 'scalar':
      return node.text;
    case 'array':
      return `[${node.items.map(compactText).join(',')}]`;
    case 'object':
      return `{${node.members.map(([name, value]) => `${JSON.stringify(name)}:${compactText(value)}`).join(',')}}`;
  }
}

/** JSON with a line for each value, two blanks for each level, as Go's json.Indent writes it. */
export function indentedText(node: JsonNode, indent = ''): string {
  const inner = `${indent}  `;
  if (node.type === 'array' && node.items.length > 0)
    return `[\n${node.items.map((item) => inner + indentedText(item, inner)).join(',\n')}\n${indent}]`;
  if (node.type === 'object' && node.members.length > 0) {
    const lines = node.members.map(([name, value]) => `${inner}${JSON.stringify(name)}: ${indentedText(value, inner)}`);
    return `{\n${lines.join(',\n')}\n${indent}}`;
  }
  return compactText(node);
}

/** The text a rule compares: of a string its content, of anything else its compact JSON; undefined for null. */
export function textOfNode(node: JsonNode | undefined): string | undefined {
  if (!node || (node.type === 'scalar' && node.text === 'null')) return undefined;
  return node.type === 'string' ? node.text : compactText(node);
}

/** Texts of several values, without those that have none. */
export function textsOf(nodes: readonly (JsonNode | undefined)[]): readonly string[] {
  return nodes.flatMap((node) => textOfNode(node) ?? []);
}
