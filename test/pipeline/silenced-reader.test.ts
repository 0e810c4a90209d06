import { expect } from 'chai';
import { findingIn } from '../../src/core/finding-in.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { silencedReader } from '../../src/pipeline/silenced-reader.ts';
import { SilenceBook } from '../../src/routing/silence-book.ts';
import { makeFinding, makeSilence, WebFolder } from '../support/web-fixture.ts';

describe('pipeline/silenced-reader', () => {
  it('keeps from a sink what is silenced when it would be sent, never what tells of this program, and its position goes on', async () => {
    const folder = await WebFolder.make();
    let nowMs = 0;
    const silences = new SilenceBook(10, [makeSilence('a', { severity: 'high' }, 1_000)]);
    const own = { ...makeFinding(0).rule, id: 'auditveil.log-gap', severity: 'high' as const };
    await folder.write(makeFinding(1, {}, 'high'), makeFinding(2), makeFinding(3, { rule: own }));
    const read = async () => {
      let silenced = 0;
      const ids: string[] = [];
      const inner = await openLogReader({ directory: `${folder.path}/findings` });
      const reader = silencedReader(inner, { silences, clock: { nowMs: () => nowMs }, silenced: (count) => (silenced += count) });
      for await (const { records, end } of reader.read(new AbortController().signal, { follow: false })) {
        ids.push(...records.map((record) => findingIn(record).id));
        await reader.commit(end);
      }
      await reader.close();
      return { ids, silenced, at: inner.committed };
    };
    const first = await read();
    expect(first).to.deep.include({ ids: ['f000002', 'f000003'], silenced: 1 });
    nowMs = 1_000;
    expect(await read()).to.deep.equal({ ids: ['f000001', 'f000002', 'f000003'], silenced: 0, at: first.at });
    await folder.remove();
  });
});
