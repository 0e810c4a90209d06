import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodeSegmentHeader, segmentFileName, segmentNumber } from '../../src/log/segment-header.ts';
import { sidecarName, sidecarNumber } from '../../src/store/sidecar.ts';

/**
 * Makes a store so many times as large by copies of its sidecars, each beside a segment without records: what questions read is as
 * much as of a store that was filled so far, at a tenth of the time. Times of the copies overlap, which helps no question.
 */
export function copySegments(dataDirectory: string, times: number): void {
  const directory = path.join(dataDirectory, 'events');
  const names = readdirSync(directory);
  const sidecars = names.flatMap((name) => sidecarNumber(name) ?? []).sort((a, b) => a - b);
  let next = Math.max(...names.flatMap((name) => segmentNumber(name) ?? [])) + 1;
  for (let time = 1; time < times; time++) {
    for (const sidecar of sidecars) {
      copyFileSync(path.join(directory, sidecarName(sidecar)), path.join(directory, sidecarName(next)));
      const header = encodeSegmentHeader({ log: 'events', segment: next, createdAtMs: Date.now(), previousBytes: 0 });
      writeFileSync(path.join(directory, segmentFileName(next)), header, { mode: 0o600 });
      next++;
    }
  }
  // The one that takes records.
  const header = encodeSegmentHeader({ log: 'events', segment: next, createdAtMs: Date.now(), previousBytes: 0 });
  writeFileSync(path.join(directory, segmentFileName(next)), header, { mode: 0o600 });
}
