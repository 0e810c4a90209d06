import { type Extracts, valueTypes } from '../core/extracts.ts';
import { limits } from '../core/limits.ts';
import { recordFlags } from '../core/record.ts';
import { headFields } from '../scan/plan.ts';
import { readTimeUs } from './event-time.ts';

/** Places of the plan's head fields in `headFields`. */
const head = { stageTimestamp: 0, requestReceivedTimestamp: 1, verb: 2, auditID: 3, truncated: 4 } as const;

const writingVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection'].map((verb) => Buffer.from(verb));
const longestAuditId = 64;

/** What the record's head says of one event. Fields hold until the next `read`. */
export class EventHead {
  eventTimeUs = 0;
  /** Index into `eventTimeSources`. */
  eventTimeFrom = 0;
  flags = 0;
  /** Span of the first auditID that looks like an id; -1 where there is none. A client chooses it: anything else is content. */
  auditIdStart = -1;
  auditIdEnd = -1;
  readonly #firstField: number;
  /** By head field: its last plain string, as JSON readers take the last of repeated members; -1 where there is none. */
  readonly #entries = new Int32Array(headFields.length);

  constructor(firstHeadField: number) {
    this.#firstField = firstHeadField;
  }

  read(extracts: Extracts, receivedAtUs: number): void {
    this.auditIdStart = -1;
    this.auditIdEnd = -1;
    this.#findEntries(extracts);
    const verb = this.#entries[head.verb] as number;
    const writes =
      verb < 0 || isOneOf(writingVerbs, extracts.bytes, extracts.starts[verb] as number, extracts.ends[verb] as number);
    const truncated = (this.#entries[head.truncated] as number) >= 0;
    this.flags = (writes ? recordFlags.writes : 0) | (truncated ? recordFlags.truncated : 0);
    this.#readTime(extracts, receivedAtUs);
    this.#readAuditId(extracts);
  }

  /** An event of which nothing could be read. */
  readNothing(receivedAtUs: number): void {
    this.auditIdStart = -1;
    this.auditIdEnd = -1;
    this.flags = recordFlags.writes;
    this.eventTimeUs = receivedAtUs;
    this.eventTimeFrom = 3;
  }

  #readTime(extracts: Extracts, receivedAtUs: number): void {
    let time = this.#timeOf(extracts, head.stageTimestamp);
    this.eventTimeFrom = 0;
    if (time < 0) {
      time = this.#timeOf(extracts, head.requestReceivedTimestamp);
      this.eventTimeFrom = 1;
    }
    if (time < 0 || time > receivedAtUs + limits.clockAheadMs * 1000) {
      time = receivedAtUs;
      this.eventTimeFrom = 3;
    }
    this.eventTimeUs = time;
  }

  #timeOf(extracts: Extracts, field: number): number {
    const at = this.#entries[field] as number;
    return at < 0 ? -1 : readTimeUs(extracts.bytes, extracts.starts[at] as number, extracts.ends[at] as number);
  }

  #readAuditId(extracts: Extracts): void {
    const at = this.#entries[head.auditID] as number;
    if (at < 0) return;
    const [start, end] = [extracts.starts[at] as number, extracts.ends[at] as number];
    if (end - start === 0 || end - start > longestAuditId) return;
    for (let i = start; i < end; i++) if (!isIdByte(extracts.bytes[i] as number)) return;
    this.auditIdStart = start;
    this.auditIdEnd = end;
  }

  #findEntries({ count, fields, types }: Extracts): void {
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) entries[i] = -1;
    for (let at = 0; at < count; at++) {
      const field = (fields[at] as number) - this.#firstField;
      if (field >= 0 && types[at] === valueTypes.string) entries[field] = at;
    }
  }
}

/** Hex digits and hyphens: the shape of the ids kube-apiserver makes itself. */
function isIdByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70) || byte === 45;
}

function isOneOf(words: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  return words.some((word) => word.length === end - start && word.every((byte, i) => bytes[start + i] === byte));
}
