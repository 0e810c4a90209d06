/**
 * The record: what is in the log, and the only form in which events leave the process.
 *
 * All numbers little-endian. `recordLayout` gives byte offsets from the start of the record.
 * After the fixed head follow, in this order: `matchCount` rule numbers (u16, padded to 4 bytes), `maskCount` mask
 * counts (u16 kind number, u16 action number, u32 count), `stateKeyCount` state keys (`stateKeyBytes` each), and at
 * `headerBytes` the payload: masked event (JSON), dictionary (JSON), finding (JSON) or note (JSON).
 */
export const recordFormat = 1;

export const recordLayout = {
  /** u32, bytes of the whole record including this field. */
  size: 0,
  /** u32, CRC-32 (zlib polynomial) of bytes 8 … size. */
  crc: 4,
  /** u8, `recordFormat`. */
  format: 8,
  /** u8, `recordTypes`. */
  type: 9,
  /** u16, `recordFlags`. */
  flags: 10,
  /** u32: where the payload starts, from the start of the record. */
  headerBytes: 12,
  /** 16 bytes: keyed digest of the raw event; for a dictionary its id; for a finding the digest of its id and revision. */
  digest: 16,
  /** 8 bytes: id of the context dictionary (first 8 bytes of its 16-byte id); zero where there is none. */
  context: 32,
  /** f64, microseconds since the epoch. */
  receivedAtUs: 40,
  /** f64, microseconds since the epoch. */
  eventTimeUs: 48,
  /** f64, `Tile.offsets`. */
  offset: 56,
  /** u32, `Tile.items`. */
  item: 64,
  /** u32, `Tile.covers`. */
  covers: 68,
  /** u16 */
  matchCount: 72,
  /** u16 */
  maskCount: 74,
  /** u16 */
  stateKeyCount: 76,
  /** u8, index into `eventTimeSources`. */
  eventTimeFrom: 78,
  /** u8, index into `stubReasons`. */
  stubReason: 79,
  /** Bytes of the fixed head. */
  fixedBytes: 80,
} as const;

export const recordTypes = { event: 1, dictionary: 2, finding: 3, note: 4 } as const;
export type RecordType = (typeof recordTypes)[keyof typeof recordTypes];

export const recordFlags = {
  /** The payload is a stub: the event could not be masked safely. */
  stub: 1,
  /** An object of the event has the same key twice. */
  duplicateKeys: 2,
  /** The raw event held text that looks like one of our masks. */
  forgedMask: 4,
  /** The event was rebuilt from a cloud provider's own shape. */
  derived: 8,
  /** The apiserver says it removed the bodies (annotation audit.k8s.io/truncated). */
  truncated: 16,
  /** The verb writes, or could not be read. */
  writes: 32,
} as const;

export const eventTimeSources = ['stageTimestamp', 'requestReceivedTimestamp', 'wrapper', 'received'] as const;
export type EventTimeSource = (typeof eventTimeSources)[number];

/** u16 correlation number, u16 flags (1: value present, 2: value is a number), 16 bytes group key, 16 bytes value key or f64. */
export const stateKeyBytes = 36;
export const stateKeyFlags = { value: 1, number: 2 } as const;

/**
 * Content that many records share, written once per segment and named by its content.
 * Types in use: `context` (cluster, source, stream, client, policy digest, plan id) and `plan` (rule and kind tables).
 */
export interface Dictionary {
  /** First 16 bytes of SHA-256 over the payload, as 32 hex digits. */
  readonly id: string;
  /** UTF-8 JSON, `{"type":"context"|"plan", …}`. */
  readonly payload: Uint8Array;
}

export interface PolicyName {
  readonly id: string;
  readonly version?: number;
  readonly digest: string;
}

export interface ContextDictionary {
  readonly type: 'context';
  readonly cluster: string;
  readonly source: string;
  readonly stream: string;
  readonly client?: string;
  /** Masking policy by id, version and digest; records of the first format had no version. */
  readonly policy: PolicyName;
  /** Id of the key epoch that pseudonyms were made with; absent in records of earlier versions. */
  readonly key?: string;
  /** Id of the plan dictionary. */
  readonly plan: string;
}

export interface PlanDictionary {
  readonly type: 'plan';
  /** Rule number = index. */
  readonly rules: readonly string[];
  /** Correlation number = index. */
  readonly correlations: readonly string[];
  /** Kind number = index. */
  readonly kinds: readonly string[];
  /** Action number = index. */
  readonly actions: readonly string[];
}

declare const masked: unique symbol;
/**
 * Bytes that went through masking. Only two places make one: the inspector, and the record decoder after a valid
 * check. Anything that writes events or findings out takes this type, so raw bytes do not type-check.
 */
export type MaskedBytes = Uint8Array & { readonly [masked]: true };

export interface StateKey {
  readonly correlation: number;
  /** 32 hex digits. */
  readonly group: string;
  /** 32 hex digits, or a number where the correlation adds up values. */
  readonly value?: string | number;
}

/** A record as readers see it. */
export interface MaskedRecord {
  readonly type: RecordType;
  readonly flags: number;
  /** 32 hex digits. */
  readonly digest: string;
  readonly context: ContextDictionary | undefined;
  readonly plan: PlanDictionary | undefined;
  readonly receivedAtUs: number;
  readonly eventTimeUs: number;
  readonly eventTimeFrom: EventTimeSource;
  readonly stubReason: string;
  readonly offset: number;
  readonly item: number;
  readonly covers: number;
  /** Rule ids. */
  readonly matches: readonly string[];
  readonly masks: readonly { readonly kind: string; readonly action: string; readonly count: number }[];
  readonly stateKeys: readonly StateKey[];
  readonly payload: MaskedBytes;
}
