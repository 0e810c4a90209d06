import { expect } from 'chai';
import fc from 'fast-check';
import { FindingsView } from '../../src/web/findings-view.ts';
import { makeFinding, makeReview, makeSilence } from '../support/web-fixture.ts';

const clock = { nowMs: () => Date.UTC(2026, 4, 4, 10) };
const place = (offset: number) => ({ segment: 1, offset });
const all = { limit: 1_000, before: undefined };

function viewOf(count: number, most = 1_000): FindingsView {
  const view = new FindingsView(clock, most);
  for (let i = 0; i < count; i++) view.found(makeFinding(i), place(i), place(i + 1));
  return view;
}

describe('web/findings-view', () => {
  it('keeps the last revision of each finding, in its new place', async () => {
    const view = viewOf(5);
    view.found(makeFinding(2, { revision: 2, time: '2026-05-04T09:59:00Z' }), place(9), place(10));
    const { rows, total } = await view.search({}, all);
    expect(total).to.equal(5);
    expect(rows.map(({ id }) => id)).to.deep.equal(['f000002', 'f000004', 'f000003', 'f000001', 'f000000']);
    expect(view.itemOf(rows[0]!).finding).to.deep.include({ id: 'f000002', revision: 2 });
  });

  it('holds at most so many: the oldest leave, and are counted', async () => {
    const view = viewOf(30, 10);
    expect([view.size, view.left]).to.deep.equal([10, 20]);
    expect((await view.search({}, all)).rows.at(-1)?.id).to.equal('f000020');
  });

  it('gives pages that leave nothing out and repeat nothing, also while findings come', async () => {
    const view = viewOf(100);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await view.search({}, { limit: 7, before });
      seen.push(...page.rows.map(({ id }) => id));
      before = page.next;
      view.found(makeFinding(1_000 + seen.length), place(0), place(1));
    } while (before !== undefined);
    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, i) => `f${String(99 - i).padStart(6, '0')}`));
  });

  it('takes reviews up once, and says the state they make', () => {
    const view = viewOf(1);
    const review = makeReview('f000000', 'acknowledge', 'looking');
    view.noted(review, place(2));
    view.noted(review, place(3));
    const row = view.get('f000000')!;
    expect(row.reviews).to.deep.equal([review]);
    expect(view.itemOf(row)).to.deep.include({ state: 'acknowledged', lastReview: review });
    view.found(makeFinding(0, { revision: 2 }), place(4), place(5));
    expect(view.itemOf(view.get('f000000')!).state).to.equal('acknowledged');
  });

  it('passes over notes whose members are of another kind than they must be, and takes the next one', () => {
    const view = viewOf(1);
    const review = makeReview('f000000', 'close');
    const silence = makeSilence('s', { user: 'alice' }, clock.nowMs() + 1000);
    const odd = [
      null,
      7,
      { ...review, by: null },
      { ...review, by: { name: {} } },
      { ...review, text: {} },
      { ...silence, match: null },
      { ...silence, match: { user: {} } },
      { ...silence, by: null },
      { ...silence, text: 7 },
      { ...silence, until: 7 },
    ];
    for (const note of odd) view.noted(note, place(2));
    expect(view.itemOf(view.get('f000000')!))
      .to.include({ state: 'open' })
      .and.not.to.have.property('silence');
    view.noted(review, place(3));
    view.noted(silence, place(3));
    expect(view.itemOf(view.get('f000000')!)).to.include({ state: 'closed', silence: 's' });
  });

  it('passes over notes that are no reviews, whatever they look like', () => {
    const view = viewOf(1);
    for (const note of [{ note: 'review', finding: 'f000000' }, { note: 'key-rotated' }, {}, { note: 'silence', id: 3 }])
      view.noted(note, place(2));
    expect(view.get('f000000')?.reviews).to.deep.equal([]);
  });

  it('names the silence a finding falls under, until it ends', () => {
    const view = viewOf(1);
    view.noted(makeSilence('s1', { user: 'alice' }, clock.nowMs() + 1000), place(2));
    expect(view.itemOf(view.get('f000000')!).silence).to.equal('s1');
    view.noted(makeSilence('s1', { user: 'alice' }, clock.nowMs() - 1000), place(3));
    expect(view.itemOf(view.get('f000000')!).silence).to.equal(undefined);
  });

  it('finds what a filter means, and nothing else', async () => {
    const view = viewOf(3);
    view.found(makeFinding(3, {}, 'high'), place(4), place(5));
    const event = { ...makeFinding(4).event, user: 'system:node:a', namespace: 'other', name: 'Payments' };
    view.found(makeFinding(4, { event }), place(5), place(6));
    const ids = async (filter: Parameters<FindingsView['search']>[0]) =>
      (await view.search(filter, all)).rows.map(({ id }) => Number(id.slice(1)));
    expect(await ids({ severity: 'high' })).to.deep.equal([3]);
    expect(await ids({ humans: true, sinceMs: Date.UTC(2026, 4, 4, 9, 0, 2) })).to.deep.equal([3, 2]);
    expect(await ids({ untilMs: Date.UTC(2026, 4, 4, 9, 0, 1) })).to.deep.equal([0]);
    expect(await ids({ text: 'PAYMENTS' })).to.deep.equal([4]);
    expect(await ids({ namespace: 'other', tag: 'attack.t1613', rule: 'Pods listed' })).to.deep.equal([4]);
    expect(await ids({ state: 'closed' })).to.deep.equal([]);
    expect(await ids({ user: 'ali' })).to.deep.equal([]);
  });

  it('knows the same as a plain list, whatever comes in whatever order', async () => {
    const step = fc.record({ number: fc.integer({ min: 0, max: 30 }), second: fc.integer({ min: 0, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const view = new FindingsView(clock, 1_000);
        const last = new Map<string, number>();
        for (const [i, { number, second }] of steps.entries()) {
          const time = new Date(Date.UTC(2026, 4, 4, 9, 0, second)).toISOString();
          view.found(makeFinding(number, { time }), place(i), place(i + 1));
          last.set(makeFinding(number).id, second);
        }
        const expected = [...last].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1)).map(([id]) => id);
        expect((await view.search({}, all)).rows.map(({ id }) => id)).to.deep.equal(expected);
      }),
      { numRuns: 50 },
    );
  });
});
