import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import type { TileInspector } from '../../src/core/tile.ts';
import { openLog } from '../../src/log/open-log.ts';
import { EpochInspector } from '../../src/pipeline/epoch-inspector.ts';
import { leaveNote } from '../../src/pipeline/note-inbox.ts';
import { superviseKeys } from '../../src/pipeline/supervise-keys.ts';
import { fixedKeyRing } from './support.ts';

const note = {
  ...{ note: 'unmasked', at: '2026-03-01T00:00:00Z', by: { uid: 1, name: 'alice' } },
  ...{ reason: 'INC-17', request: 'r-1', approver: 'bob', pseudonyms: ['[MASKED:user:k:0123456789abcdef]'] },
};
const unused: TileInspector = { inspect: () => Promise.reject(new Error('unused')) };

describe('pipeline/supervise-keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auditveil-supervise-keys-'));
  after(() => rmSync(folder, { recursive: true }));

  it('makes one finding of a note of unmasking, counted, though the note is taken up twice', async () => {
    const clock = { nowMs: () => Date.parse('2026-03-01T00:00:01Z') };
    const findings = await openLog({
      ...{ directory: join(folder, 'findings'), name: 'findings', clock },
      dedupe: { maxRecords: 100, windowMs: 60_000 },
    });
    const [counted, shown]: [Finding[], Finding[]] = [[], []];
    const keyRing = fixedKeyRing();
    const { takeNotes, stop } = superviseKeys({
      ...{ config: { log: { directory: folder }, cluster: { name: 'c' } }, keyRing, findings, clock },
      identify: (text) => Buffer.from(text).toString('hex').padEnd(32, '0').slice(-32),
      inspector: new EpochInspector({ keyRing, nowMs: clock.nowMs(), make: () => unused }),
      meter: { found: (finding) => counted.push(finding) },
      found: async (made) => void shown.push(...made),
      notice: () => undefined,
    });
    await leaveNote(folder, note);
    cpSync(join(folder, 'notes'), join(folder, 'kept'), { recursive: true });
    await takeNotes();
    expect([counted, shown].map((made) => made.map(({ rule }) => rule.id))).to.deep.equal([
      ['auditveil.unmask'],
      ['auditveil.unmask'],
    ]);
    // As after a crash in between: what was appended could not be removed.
    cpSync(join(folder, 'kept'), join(folder, 'notes'), { recursive: true });
    await takeNotes();
    const reader = await findings.reader('test');
    const records: MaskedRecord[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) records.push(...batch.records);
    expect(records.map(({ type }) => type)).to.deep.equal([recordTypes.note, recordTypes.finding]);
    await stop();
    await reader.close();
    await findings.close();
  });
});
