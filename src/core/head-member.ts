const quote = 34;

/** Audit ID and stage stand in the first bytes of an event, before any body. */
export const headBytes = 512;
/** The member's name and the quote before its text. */
export const auditIdMember = new TextEncoder().encode('"auditID":"');

/**
 * Where the text of a member begins, looked for up to `end`; -1 where there is none. `member` is its name with the quote of its
 * text. A loop: a call into the system costs more than these few bytes.
 */
export function memberValueAt(bytes: Uint8Array, member: Uint8Array, end: number): number {
  const second = member[1];
  for (let at = 0; at + member.length <= end; at++) {
    if (bytes[at] !== quote || bytes[at + 1] !== second) continue;
    let same = 2;
    while (same < member.length && bytes[at + same] === member[same]) same++;
    if (same === member.length) return at + same;
  }
  return -1;
}
