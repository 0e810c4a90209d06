import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { limits } from '../../src/core/limits.ts';
import { FindingsView } from '../../src/web/findings-view.ts';
import { historyOf, silencesInForce } from '../../src/web/said.ts';
import { makeFinding, makeReview, makeSilence } from '../support/web-fixture.ts';

const at = { segment: 1, offset: 0 };
const beginMs = Date.UTC(2026, 4, 4, 9);
const endMs = beginMs + 3_600_000;

function viewOf(...findings: readonly Finding[]): FindingsView {
  const view = new FindingsView({ nowMs: () => beginMs + 10_000 }, 100);
  for (const finding of findings) view.found(finding, at, at);
  return view;
}

describe('web/said', () => {
  it('counts what each silence has kept quiet since it was made, and nothing from before', async () => {
    const other = makeFinding(3, { event: { ...makeFinding(3).event, user: 'mallory' } });
    const view = viewOf(makeFinding(-5), makeFinding(1), makeFinding(2), other);
    view.noted(makeSilence('s1', { user: 'alice' }, endMs), at);
    view.noted(makeSilence('s2', { severity: 'high' }, endMs), at);
    view.noted(makeSilence('s3', { user: 'alice' }, beginMs + 5_000), at);
    view.noted(makeSilence('s4', { rule: 'rule-a', user: 'nobody' }, endMs), at);
    const counted = (await silencesInForce(view, beginMs + 10_000)).map(({ id, findings, last }) => ({ id, findings, last }));
    expect(counted).to.deep.equal([
      { id: 's1', findings: 2, last: makeFinding(2).time },
      { id: 's2', findings: 0, last: undefined },
      { id: 's4', findings: 0, last: undefined },
    ]);
    expect((await silencesInForce(view, beginMs + 10_000)).map(({ ruleName }) => ruleName)).to.deep.equal([
      ...[undefined, undefined],
      'Pods listed',
    ]);
  });

  it('tells who said what, the newest first, with silences made and ended', async () => {
    const view = viewOf(makeFinding(1), makeFinding(2));
    const later = (note: ReturnType<typeof makeReview>, seconds: number) => ({
      ...note,
      at: new Date(beginMs + seconds * 1000).toISOString(),
    });
    view.noted(later(makeReview('f000001', 'acknowledge', 'looking'), 1), at);
    view.noted({ ...makeSilence('s1', { rule: 'rule-a' }, endMs), text: 'noise' }, at);
    const end = new Date(beginMs + 3_000).toISOString();
    view.noted(
      { ...makeSilence('s1', { rule: 'rule-a' }, endMs), text: 'noise', by: { name: 'carol' }, at: end, until: end },
      at,
    );
    view.noted(later(makeReview('f000001', 'close'), 2), at);
    const { said, total } = await historyOf(view, 3);
    expect(total).to.equal(4);
    expect(said.map(({ by, action, text }) => [by, action, text])).to.deep.equal([
      ['carol', 'end-silence', undefined],
      ['bob', 'close', undefined],
      ['bob', 'acknowledge', 'looking'],
    ]);
    expect(said[1]?.finding).to.deep.equal({ id: 'f000001', rule: 'Pods listed', user: 'alice' });
  });

  it('knows a note once that comes before and from the log, and as many as its bound', async () => {
    const view = viewOf();
    const note = makeSilence('s0', { user: 'alice' }, endMs);
    view.overlay(note);
    view.noted(note, at);
    expect((await historyOf(view, 10)).total).to.equal(1);
    for (let i = 1; i <= limits.webSilenceNotes; i++) view.noted(makeSilence(`s${i}`, { user: 'alice' }, beginMs + 1), at);
    const { said, total } = await historyOf(view, limits.webSilenceNotes + 10);
    expect(total).to.equal(limits.webSilenceNotes);
    expect(said.map(({ silence }) => silence?.id)).to.not.include('s0');
  });
});
