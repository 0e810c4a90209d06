import { auditIdMember, headBytes, memberValueAt } from '../core/head-member.ts';
import { limits } from '../core/limits.ts';
import type { ContextDictionary, MaskedRecord } from '../core/record.ts';
import { recordFlags } from '../core/record.ts';
import { DigestTable } from './digest-table.ts';

const stageMember = Buffer.from('"stage":"');
const quote = 34;
const hashBytes = 16;

/** A keyed hash that nobody can collide without the key: the IDs come from clients. */
interface KeyedHash {
  digestInto(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void;
}

/**
 * Recognises an event with the audit ID and stage of another one but other content. The ID may come from the client
 * (header Audit-ID), so it proves nothing, and whoever reuses one may want to be taken for a repeat. Remembers the last
 * `limits.auditIds` to twice as many, as hashes: texts of them took 13 MB. A source and its stream or client are looked at for
 * themselves, as an aggregated API server writes events of its own under the same ID.
 */
export class AuditIdWatch {
  readonly #hash: KeyedHash;
  #young: DigestTable;
  #old: DigestTable;
  readonly #origins = new WeakMap<ContextDictionary, Uint8Array>();
  /** Origin, ID and stage of the record that is asked about. */
  readonly #text = new Uint8Array(hashBytes + 2 * headBytes);
  readonly #hashed = new Uint8Array(hashBytes);
  readonly #name = new Uint32Array(this.#hashed.buffer, 0, 2);
  readonly #digest = new Uint32Array(2);

  constructor(hash: KeyedHash, limit: number = limits.auditIds) {
    this.#hash = hash;
    this.#young = new DigestTable(limit);
    this.#old = new DigestTable(limit);
  }

  /** Whether another event with this ID and stage came before. Repeats have the same digest and are none. */
  isReused({ context, flags, payload, digest }: MaskedRecord): boolean {
    if (!context || (flags & recordFlags.stub) !== 0 || !this.#readName(payload, context)) return false;
    this.#digest[0] = Number.parseInt(digest.slice(0, 8), 16);
    this.#digest[1] = Number.parseInt(digest.slice(8, 16), 16);
    const young = this.#young.find(this.#name, this.#digest);
    const known = young === 'nothing' ? this.#old.find(this.#name, this.#digest) : young;
    if (known === 'nothing') this.#remember();
    return known === 'other';
  }

  #remember(): void {
    if (this.#young.isFull) {
      [this.#young, this.#old] = [this.#old, this.#young];
      this.#young.clear();
    }
    this.#young.add(this.#name, this.#digest);
  }

  /** False where the event has no ID. */
  #readName(payload: Uint8Array, context: ContextDictionary): boolean {
    const end = Math.min(payload.length, headBytes);
    const text = this.#text;
    text.set(this.#originOf(context));
    const idEnd = copyValue(payload, auditIdMember, end, text, hashBytes);
    if (idEnd === hashBytes) return false;
    // No value holds a quote: the two cannot run into each other.
    text[idEnd] = quote;
    const stageEnd = copyValue(payload, stageMember, end, text, idEnd + 1);
    this.#hash.digestInto(text, 0, stageEnd, this.#hashed, 0);
    // Zero stands for nobody.
    if (this.#name[0] === 0) this.#name[0] = 1;
    return true;
  }

  /** A file keeps its path over rotation; what follows it is its inode. */
  #originOf(context: ContextDictionary): Uint8Array {
    let origin = this.#origins.get(context);
    if (origin === undefined) {
      const text = Buffer.from(`${context.source} ${context.stream.split(' ')[0] ?? ''} ${context.client ?? ''}`);
      origin = new Uint8Array(hashBytes);
      this.#hash.digestInto(text, 0, text.length, origin, 0);
      this.#origins.set(context, origin);
    }
    return origin;
  }
}

/** Copies the text behind a member's name and opening quote. Returns where it ends: `at` where there is none, or it is empty. */
function copyValue(bytes: Uint8Array, member: Uint8Array, end: number, to: Uint8Array, at: number): number {
  const start = memberValueAt(bytes, member, end);
  let close = start;
  while (close < end && bytes[close] !== quote) close++;
  if (start < 0 || close === end) return at;
  for (let i = start; i < close; i++) to[at + i - start] = bytes[i] as number;
  return at + close - start;
}
