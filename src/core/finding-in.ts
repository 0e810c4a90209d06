import type { Finding } from './finding.ts';
import type { MaskedRecord } from './record.ts';

const parsed = new WeakMap<MaskedRecord, Finding>();

/** The finding that a record of type `finding` holds; parsed once for all who ask. */
export function findingIn(record: MaskedRecord): Finding {
  const known = parsed.get(record);
  if (known) return known;
  const finding = JSON.parse(Buffer.from(record.payload).toString('utf8')) as Finding;
  parsed.set(record, finding);
  return finding;
}
