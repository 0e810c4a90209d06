import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import type { LogEntry } from '../../src/log/record-encoder.ts';
import { leaveNote, NoteInbox } from '../../src/pipeline/note-inbox.ts';

const note = (what: string) => ({ note: what, at: '2026-03-01T00:00:00Z', by: { uid: 1, name: 'alice' } });

describe('pipeline/note-inbox', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'notes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('hands every note over once it is durable, then removes it', async () => {
    for (const what of ['a', 'b', 'c']) await leaveNote(folder, note(what));
    const taken: LogEntry[] = [];
    let isFull = true;
    const inbox = new NoteInbox(folder, async (entries) => {
      if (isFull) throw new Fault('no room', { code: 'E_LOG_FULL', retryable: true });
      taken.push(...entries);
    });
    await inbox.drain(1).catch(() => undefined);
    expect(readdirSync(join(folder, 'notes'))).to.have.length(3);
    isFull = false;
    await Promise.all([inbox.drain(2), inbox.drain(3)]);
    expect(taken.map((entry) => (entry.value as { note: string }).note).sort()).to.deep.equal(['a', 'b', 'c']);
    expect(new Set(taken.map((entry) => entry.digest)).size, 'a repeat can be told').to.equal(3);
    expect(readdirSync(join(folder, 'notes'))).to.deep.equal([]);
  });

  it('leaves alone what is no note', async () => {
    await leaveNote(folder, note('a'));
    for (const [name, text] of [
      ['k-0123456789abcdef.json', '{"note":'],
      ['l-0123456789abcdef.json', '{"note":1}'],
      ['m-0123456789abcdef.json', 'x'.repeat(70_000)],
      ['other.txt', ''],
    ] as const)
      writeFileSync(join(folder, 'notes', name), text);
    let count = 0;
    await new NoteInbox(folder, async (entries) => {
      count += entries.length;
    }).drain(1);
    expect([count, readdirSync(join(folder, 'notes')).length]).to.deep.equal([1, 4]);
  });

  it('does nothing where nobody left one, and refuses a folder that is not there', async () => {
    await new NoteInbox(join(folder, 'none'), () => Promise.reject(new Error('unused'))).drain(1);
    let code = '';
    await leaveNote(join(folder, 'none'), note('a')).catch((error: unknown) => {
      code = (error as Fault).code;
    });
    expect(code).to.equal('E_NOTE_WRITE');
  });
});
