import type { Dictionary } from './record.ts';

/** Why an event goes out as a stub. The number is stored in columns and records; the text is what people see. */
export const stubReasons = [
  'none',
  'not-json',
  'too-deep',
  'too-big',
  'not-utf8',
  'torn',
  'mask-failed',
  'not-an-object',
  'unsupported-format',
] as const;
export type StubReason = (typeof stubReasons)[number];

/**
 * Raw events as a source framed them, in order.
 *
 * `bytes` holds the events and at least `limits.tilePaddingBytes` readable bytes after the last one. Event `i` is
 * `bytes[starts[i] … ends[i])`, without its line end. A tile is only ever in memory.
 */
export interface Tile {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Byte offset of each event in its stream (file offset; for request bodies a running number). */
  readonly offsets: Float64Array;
  /** Index of the event inside the document at that offset (EventList items), else 0. */
  readonly items: Uint32Array;
  /** Bytes of the stream the event covers, line end included: the ledger of what was read. */
  readonly covers: Uint32Array;
  /** Index into `stubReasons`: framing already knows that this is not an event (torn, too big); 0 otherwise. */
  readonly reasons: Uint8Array;
  /** Cluster, source, stream and client: the same for every event of a tile. */
  readonly context: TileContext;
  /** When the last byte arrived, microseconds since the epoch. */
  readonly receivedAtUs: number;
  /** The events were rebuilt from another shape (a wrapper's string, a document too large to hold): records carry `derived`. */
  readonly derived?: true;
  /** Text that stood before each event and may be written as it is: times and fixed words of a container runtime. Only for outputs that keep the input's shape. */
  readonly prefixes?: readonly string[];
}

/** What every record of a tile has in common; goes to the log once per segment as a dictionary. */
export interface TileContext {
  readonly cluster: string;
  /** Name of the configured source. */
  readonly source: string;
  /** What within the source: a file's path and identity, a listener's path. Never event data. */
  readonly stream: string;
  /** Certificate or token name of the client that sent it; absent for files. */
  readonly client?: string;
}

/**
 * The same events after inspection: framed, masked records back to back (layout in record.ts), ready to be appended
 * without re-encoding, and one column entry per record.
 */
export interface MaskedTile {
  /** Records back to back; exactly the used bytes. */
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly lengths: Uint32Array;
  /** Record flags (`recordFlags`). */
  readonly flags: Uint16Array;
  /** Number of rules that matched. */
  readonly matches: Uint16Array;
  /** Number of values masked. */
  readonly masked: Uint32Array;
  /** 16 bytes a record. */
  readonly digests: Uint8Array;
  /** Dictionaries the records refer to; the log writes each once per segment, before its first use. */
  readonly dictionaries: readonly Dictionary[];
}

/** Matches raw events against the rules and masks them. Pure: same tile and plan, same bytes. */
export interface Inspector {
  inspect(tile: Tile): MaskedTile;
  /** Takes back a masked tile that nobody reads any more, so that its memory serves another one; optional. */
  recycle?(tile: Pick<MaskedTile, 'bytes'>): void;
}

/** An inspector that may do its work elsewhere, several tiles at a time. */
export interface TileInspector {
  /** The tile must not change before the result is there. */
  inspect(tile: Tile): MaskedTile | Promise<MaskedTile>;
  recycle?(tile: Pick<MaskedTile, 'bytes'>): void;
  /** The inspectors that tiles are handed to, where they are several: each has to prove itself. */
  lanes?(): readonly TileInspector[];
}
