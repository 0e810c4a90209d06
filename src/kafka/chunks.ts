/**
 * A message longer than the broker takes, in pieces that are. The body of an envelope with a chunk: name of the message (16
 * bytes, the same whenever it is sent), number of the piece (u32), number of pieces (u32), bytes of the whole (u32), the piece.
 */
export const chunkHeadBytes = 28;
const nameBytes = 16;

export interface Chunk {
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly totalBytes: number;
  readonly piece: Uint8Array;
}

/** Bodies of the chunks of a message. @param name 16 bytes @param pieceBytes of one piece at most */
export function* splitMessage(
  message: Uint8Array,
  name: Uint8Array,
  pieceBytes: number,
): Generator<readonly Uint8Array[], void, undefined> {
  const count = Math.ceil(message.length / pieceBytes);
  for (let index = 0; index < count; index++) {
    const head = new Uint8Array(chunkHeadBytes);
    head.set(name.subarray(0, nameBytes));
    const view = new DataView(head.buffer);
    view.setUint32(nameBytes, index, true);
    view.setUint32(nameBytes + 4, count, true);
    view.setUint32(nameBytes + 8, message.length, true);
    yield [head, message.subarray(index * pieceBytes, (index + 1) * pieceBytes)];
  }
}

/** Undefined where the body cannot be a chunk. */
export function readChunk(body: Uint8Array): Chunk | undefined {
  if (body.length <= chunkHeadBytes) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [index, count, totalBytes] = [0, 4, 8].map((at) => view.getUint32(nameBytes + at, true)) as [number, number, number];
  const piece = body.subarray(chunkHeadBytes);
  if (index >= count || piece.length > totalBytes) return undefined;
  return { name: Buffer.from(body.subarray(0, nameBytes)).toString('hex'), index, count, totalBytes, piece };
}

interface Unfinished {
  readonly partition: number;
  readonly count: number;
  readonly totalBytes: number;
  readonly pieces: Map<number, Uint8Array>;
  /** Reading must go on from here after a crash. */
  readonly firstOffset: bigint;
  lastMs: number;
  bytes: number;
}

export interface ChunkAssemblerOptions {
  /** Of all unfinished messages together. */
  readonly maxBytes: number;
  /** A message to which nothing came for this long is given up: whoever sent a part of it sends all of it again, or is gone. */
  readonly maxAgeMs: number;
  /** Told of messages that were given up. */
  readonly givenUp: (partition: number, reason: 'age' | 'room' | 'malformed') => void;
}

/** Puts messages together again. Chunks of several may come mixed, more than once and in any order. */
export class ChunkAssembler {
  readonly #options: ChunkAssemblerOptions;
  readonly #unfinished = new Map<string, Unfinished>();
  #bytes = 0;

  constructor(options: ChunkAssemblerOptions) {
    this.#options = options;
  }

  /** The whole message, where this was the last piece of it. */
  add(partition: number, offset: bigint, chunk: Chunk, nowMs: number): Uint8Array | undefined {
    const name = `${partition} ${chunk.name} ${chunk.count}`;
    let message = this.#unfinished.get(name);
    if (chunk.totalBytes > this.#options.maxBytes || (message && message.totalBytes !== chunk.totalBytes)) {
      this.#options.givenUp(partition, message ? 'malformed' : 'room');
      return undefined;
    }
    const { count, totalBytes } = chunk;
    message ??= { partition, count, totalBytes, pieces: new Map(), firstOffset: offset, lastMs: nowMs, bytes: 0 };
    this.#unfinished.delete(name);
    this.#unfinished.set(name, message);
    message.lastMs = nowMs;
    if (!message.pieces.has(chunk.index)) {
      message.pieces.set(chunk.index, chunk.piece.slice());
      message.bytes += chunk.piece.length;
      this.#bytes += chunk.piece.length;
    }
    if (message.pieces.size === count) return this.#finish(name, message);
    this.#makeRoom(name);
    return undefined;
  }

  /** The offset before which everything of a partition is put together; undefined where nothing waits. */
  heldAt(partition: number): bigint | undefined {
    let held: bigint | undefined;
    for (const one of this.#unfinished.values())
      if (one.partition === partition && (held === undefined || one.firstOffset < held)) held = one.firstOffset;
    return held;
  }

  /** Gives up what is too old. */
  expire(nowMs: number): void {
    for (const [name, message] of this.#unfinished)
      if (nowMs - message.lastMs > this.#options.maxAgeMs) this.#drop(name, message, 'age');
  }

  /** Another worker reads the others: it gets all chunks again. */
  keepOnly(partitions: readonly number[]): void {
    for (const [name, message] of this.#unfinished) if (!partitions.includes(message.partition)) this.#remove(name, message);
  }

  #finish(name: string, message: Unfinished): Uint8Array | undefined {
    this.#remove(name, message);
    const whole = Buffer.concat(Array.from({ length: message.count }, (_, i) => message.pieces.get(i) ?? new Uint8Array()));
    if (whole.length === message.totalBytes) return whole;
    this.#options.givenUp(message.partition, 'malformed');
    return undefined;
  }

  #makeRoom(keep: string): void {
    for (const [name, message] of this.#unfinished) {
      if (this.#bytes <= this.#options.maxBytes) return;
      if (name !== keep) this.#drop(name, message, 'room');
    }
  }

  #drop(name: string, message: Unfinished, reason: 'age' | 'room'): void {
    this.#remove(name, message);
    this.#options.givenUp(message.partition, reason);
  }

  #remove(name: string, message: Unfinished): void {
    this.#unfinished.delete(name);
    this.#bytes -= message.bytes;
  }
}
