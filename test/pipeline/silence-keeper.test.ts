import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Silence } from '../../src/core/review.ts';
import { SilenceKeeper } from '../../src/pipeline/silence-keeper.ts';
import { makeFinding, makeSilence } from '../support/web-fixture.ts';

const entryOf = (silence: Silence) => ({ type: 'note' as const, value: { ...silence }, receivedAtUs: 0 });

describe('pipeline/silence-keeper', () => {
  let folder = '';
  let nowMs = 1_000;
  const clock = { nowMs: () => nowMs };
  beforeEach(async () => {
    nowMs = 1_000;
    folder = await mkdtemp(join(tmpdir(), 'auditveil-silence-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('remembers silences over a restart, and lets them end', async () => {
    const keeper = await SilenceKeeper.open(folder, clock);
    await keeper.take([entryOf(makeSilence('a', { user: 'alice' }, 5_000)), entryOf(makeSilence('b', { user: 'bob' }, 9_000))]);
    await keeper.take([entryOf(makeSilence('b', { user: 'bob' }, 1_000))]);
    const again = await SilenceKeeper.open(folder, clock);
    expect(again.book.active(nowMs).map(({ id }) => id)).to.deep.equal(['a']);
    nowMs = 5_000;
    expect(again.book.of(makeFinding(1), nowMs)).to.equal(undefined);
  });

  it('silences nothing where its file is damaged, and passes over other notes', async () => {
    await writeFile(join(folder, 'silences.json'), '[{"note":"silence"}, 3, "x"');
    const keeper = await SilenceKeeper.open(folder, clock);
    await keeper.take([{ type: 'note', value: { note: 'key-rotated' }, receivedAtUs: 0 }]);
    expect(keeper.book.active(nowMs)).to.deep.equal([]);
  });
});
