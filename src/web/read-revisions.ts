import { Fault } from '../core/faults.ts';
import type { Finding } from '../core/finding.ts';
import { findingIn } from '../core/finding-in.ts';
import { recordTypes } from '../core/record.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { comparePositions } from '../log/segment-list.ts';
import type { FindingRow } from './finding-row.ts';

const batchBytes = 128 * 1024;
/** One place is a batch; its end need not be where it was when it was read first. */
const batchesPerPlace = 2;

/** The revisions of a finding that are still in the log, oldest first. */
export async function readRevisions(directory: string, row: FindingRow, signal: AbortSignal): Promise<readonly Finding[]> {
  const found = new Map<number, Finding>();
  let last = { segment: 0, offset: 0 };
  for (const place of row.places) {
    // Several came in one batch.
    if (comparePositions(place, last) === 0) continue;
    last = place;
    try {
      const reader = await openLogReader({ directory, start: place, batchBytes });
      let batches = 0;
      try {
        for await (const { records } of reader.read(signal, { follow: false })) {
          for (const record of records) {
            if (record.type !== recordTypes.finding) continue;
            const finding = findingIn(record);
            if (finding.id === row.id) found.set(finding.revision, finding);
          }
          if (++batches === batchesPerPlace) break;
        }
      } finally {
        await reader.close();
      }
    } catch (error) {
      // Retention may have been there in the meantime.
      if (!(error instanceof Fault)) throw error;
    }
  }
  return [...found.values()].sort((a, b) => a.revision - b.revision);
}
