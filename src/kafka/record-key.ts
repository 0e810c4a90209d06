import { auditIdMember, headBytes, memberValueAt } from '../core/head-member.ts';
import type { MaskedRecord } from '../core/record.ts';

const quote = 34;

/**
 * The key of an event's record: cluster and audit ID. All stages of a request, and a request that two agents saw, have the same one
 * and so the same partition. An event without an ID has its digest, as have stubs.
 */
export function recordKey({ context, payload, digest }: MaskedRecord): string {
  const end = Math.min(payload.length, headBytes);
  const from = memberValueAt(payload, auditIdMember, end);
  const to = from < 0 ? -1 : payload.indexOf(quote, from);
  const id =
    to > from && to < end ? Buffer.from(payload.buffer, payload.byteOffset + from, to - from).toString('latin1') : digest;
  return `${context?.cluster ?? ''}/${id}`;
}
