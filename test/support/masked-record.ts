import type { MaskedBytes, MaskedRecord } from '../../src/core/record.ts';

/** A record around this event, as if it came out of the log. Tests only: here the event says what is masked. */
export function maskedRecord(event: unknown, more: Partial<MaskedRecord> = {}): MaskedRecord {
  return {
    type: 1,
    flags: 0,
    digest: '00112233445566778899aabbccddeeff',
    context: { type: 'context', cluster: 'lab', source: 's', stream: 'a', policy: { id: 'standard', digest: '00' }, plan: '00' },
    plan: undefined,
    receivedAtUs: 0,
    eventTimeUs: Date.UTC(2026, 4, 4) * 1000,
    eventTimeFrom: 'stageTimestamp',
    stubReason: 'none',
    offset: 0,
    item: 0,
    covers: 0,
    matches: [],
    masks: [],
    stateKeys: [],
    payload: new TextEncoder().encode(typeof event === 'string' ? event : JSON.stringify(event)) as MaskedBytes,
    ...more,
  };
}
