import { limits } from '../core/limits.ts';
import type { ContextDictionary, MaskedRecord } from '../core/record.ts';
import { recordFlags } from '../core/record.ts';

/** Both stand in the first bytes of an event, before any body. */
const headBytes = 512;
const auditIdMember = Buffer.from('"auditID":"');
const stageMember = Buffer.from('"stage":"');

/**
 * Recognises an event with the audit ID and stage of another one but other content. The ID may come from the client
 * (header Audit-ID), so it proves nothing, and whoever reuses one may want to be taken for a repeat. Remembers the last
 * `limits.auditIds` to twice as many; a source and its stream or client are looked at for themselves, as an
 * aggregated API server writes events of its own under the same ID.
 */
export class AuditIdWatch {
  readonly #limit: number;
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  readonly #origins = new WeakMap<ContextDictionary, string>();

  constructor(limit: number = limits.auditIds) {
    this.#limit = limit;
  }

  /** Whether another event with this ID and stage came before. Repeats have the same digest and are none. */
  isReused(record: MaskedRecord): boolean {
    const { payload, context } = record;
    if (!context || (record.flags & recordFlags.stub) !== 0) return false;
    const end = Math.min(payload.length, headBytes);
    const id = valueAfter(payload, auditIdMember, end);
    if (id === undefined) return false;
    const key = `${this.#originOf(context)} ${valueAfter(payload, stageMember, end) ?? ''} ${id}`;
    const before = this.#young.get(key) ?? this.#old.get(key);
    const { digest } = record;
    if (before === undefined) this.#remember(key, digest);
    return before !== undefined && before !== digest;
  }

  #remember(key: string, digest: string): void {
    if (this.#young.size >= this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, digest);
  }

  /** A file keeps its path over rotation; what follows it is its inode. */
  #originOf(context: ContextDictionary): string {
    let origin = this.#origins.get(context);
    if (origin === undefined) {
      origin = `${context.source} ${context.stream.split(' ')[0] ?? ''} ${context.client ?? ''}`;
      this.#origins.set(context, origin);
    }
    return origin;
  }
}

/** The text behind a member's name and opening quote. Every event is asked: a loop over its first bytes costs less than a call into the system. */
function valueAfter(bytes: Uint8Array, member: Uint8Array, end: number): string | undefined {
  const start = endOf(bytes, member, end);
  let close = start;
  while (close < end && bytes[close] !== 34) close++;
  if (start < 0 || close === end || close === start) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, close - start).toString('latin1');
}

/** Where the first occurrence ends; -1 where there is none. */
function endOf(bytes: Uint8Array, member: Uint8Array, end: number): number {
  const second = member[1];
  for (let at = 0; at < end; at++) {
    if (bytes[at] !== 34 || bytes[at + 1] !== second) continue;
    let same = 2;
    while (same < member.length && bytes[at + same] === member[same]) same++;
    if (same === member.length && at + same <= end) return at + same;
  }
  return -1;
}
