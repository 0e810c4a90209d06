/** An event of a stream (WHATWG HTML, 9.2.6). */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** A single event is one finding; a server that sends more than this without an end is none of ours. */
const longestEvent = 8 * 1024 * 1024;

/** Takes a stream of server-sent events apart, however it is cut. Comments and fields that are not asked for are passed over. */
export class ServerEvents {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id: string | undefined;
  #held = 0;

  /** Of the last event that carried one: where to go on. */
  lastId: string | undefined;

  /** @throws RangeError where an event has no end */
  push(bytes: Uint8Array): readonly ServerEvent[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    this.#held += bytes.length;
    if (this.#held > longestEvent) throw new RangeError('an event without an end');
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerEvent | undefined {
    if (line === '') return this.#end();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return undefined;
  }

  #end(): ServerEvent | undefined {
    const [name, data] = [this.#name, this.#data];
    this.lastId = this.#id ?? this.lastId;
    this.#name = '';
    this.#data = [];
    this.#held = this.#rest.length;
    return data.length === 0 ? undefined : { name: name === '' ? 'message' : name, data: data.join('\n') };
  }
}
