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
    const { payload, context, digest, flags } = record;
    if (!context || (flags & recordFlags.stub) !== 0) return false;
    const head = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.length, headBytes));
    const [id, stage] = [valueAfter(head, auditIdMember), valueAfter(head, stageMember)];
    if (id === undefined) return false;
    const key = `${this.#originOf(context)} ${stage ?? ''} ${id}`;
    const before = this.#young.get(key) ?? this.#old.get(key);
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

function valueAfter(head: Buffer, member: Buffer): string | undefined {
  const at = head.indexOf(member);
  if (at < 0) return undefined;
  const start = at + member.length;
  const end = head.indexOf(34, start);
  return end < 0 || end === start ? undefined : head.toString('latin1', start, end);
}
