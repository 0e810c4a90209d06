import { recordLayout, recordTypes } from '../core/record.ts';
import type { LogFileSystem } from '../log/file-system.ts';
import { segmentFileName, segmentHeaderBytes } from '../log/segment-header.ts';
import { listSegmentNumbers } from '../log/segment-list.ts';
import { type RecordRun, scanRecords } from '../log/segment-scan.ts';

/** Where a record stands. */
export interface FoundRecord {
  readonly segment: number;
  /** Of the record in its segment, and of its payload in the record. */
  readonly at: number;
  readonly headerBytes: number;
  readonly bytes: number;
  readonly payload: string;
  /** 32 hex digits. */
  readonly digest: string;
}

const listedAtMost = 20;

/**
 * Records that an id means, oldest first, twenty at most: the digest of an event, its audit ID, or the id of a finding. Reads the log
 * from its beginning; who waits is told how far it is.
 */
export async function findRecords(
  fs: LogFileSystem,
  directory: string,
  id: string,
  progress: (bytes: number) => void,
): Promise<readonly FoundRecord[]> {
  const found: FoundRecord[] = [];
  for (const segment of await listSegmentNumbers(fs, directory)) {
    const file = await fs.open(`${directory}/${segmentFileName(segment)}`, 'read');
    try {
      const size = await file.size();
      await scanRecords(file, segmentHeaderBytes, size, {
        run: (run) => {
          found.push(...recordsIn(run, segment, id));
          return found.length >= listedAtMost;
        },
        damage: () => undefined,
      });
      progress(size);
    } finally {
      await file.close();
    }
    if (found.length >= listedAtMost) break;
  }
  return found.slice(0, listedAtMost);
}

function recordsIn({ bytes, view, starts, end }: RecordRun, segment: number, id: string): readonly FoundRecord[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = starts.at(-1) ?? 0;
  const from = end - (last + view.getUint32(last + recordLayout.size, true));
  const [digest, auditId, findingId] = [/^[0-9a-f]{32}$/.test(id) ? Buffer.from(id, 'hex') : undefined, ...textsOf(id)];
  const mayHold = [digest, auditId, findingId].some((needle) => needle && whole.includes(needle));
  if (!mayHold) return [];
  return starts.flatMap((start) => {
    const size = view.getUint32(start + recordLayout.size, true);
    const headerBytes = view.getUint32(start + recordLayout.headerBytes, true);
    const own = whole.subarray(start + recordLayout.digest, start + recordLayout.digest + 16);
    const payload = whole.subarray(start + headerBytes, start + size);
    const type = view.getUint8(start + recordLayout.type);
    const isMeant =
      (type !== recordTypes.dictionary && digest?.equals(own)) ||
      (type === recordTypes.event && payload.includes(auditId ?? '')) ||
      (type === recordTypes.finding && payload.subarray(0, 200).includes(findingId ?? ''));
    if (!isMeant) return [];
    return [
      {
        ...{ segment, at: from + start, headerBytes, bytes: size },
        payload: payload.toString('utf8'),
        digest: own.toString('hex'),
      },
    ];
  });
}

const textsOf = (id: string): readonly Buffer[] =>
  ['auditID', 'id'].map((name) => Buffer.from(`${JSON.stringify(name)}:${JSON.stringify(id)}`));
