import { expect } from 'chai';
import { isSilencedBy, SilenceBook } from '../../src/routing/silence-book.ts';
import { makeFinding, makeSilence } from '../support/web-fixture.ts';

const finding = makeFinding(1);

describe('routing/silence-book', () => {
  it('takes every member of a match as a condition, and an empty one for nothing', () => {
    expect(isSilencedBy({ rule: 'rule-a', user: 'alice', namespace: 'shop', severity: 'medium' }, finding)).to.equal(true);
    expect(isSilencedBy({ rule: 'Pods listed' }, finding)).to.equal(true);
    for (const other of [{ rule: 'rule' }, { user: 'alice', namespace: 'kube-system' }, { severity: 'high' } as const, {}])
      expect(isSilencedBy(other, finding)).to.equal(false);
  });

  it('never silences findings about this program', () => {
    const own = makeFinding(2, { rule: { ...finding.rule, id: 'auditveil.log-gap' } });
    expect(isSilencedBy({ severity: 'medium' }, own)).to.equal(false);
    expect(isSilencedBy({ rule: 'auditveil.log-gap' }, own)).to.equal(false);
  });

  it('ends a silence at its time, and by a note of the same id', () => {
    const book = new SilenceBook(10);
    book.add(makeSilence('a', { user: 'alice' }, 1000), 0);
    book.add(makeSilence('b', { namespace: 'shop' }, 5000), 0);
    expect(book.of(finding, 999)?.id).to.equal('a');
    expect(book.of(finding, 1000)?.id).to.equal('b');
    book.add(makeSilence('b', { namespace: 'shop' }, 0), 2000);
    expect(book.of(finding, 2000)).to.equal(undefined);
    expect(book.active(0)).to.deep.equal([]);
  });

  it('is bounded, and has room again when silences ended', () => {
    const book = new SilenceBook(2);
    expect(['a', 'b', 'c'].map((id) => book.add(makeSilence(id, { user: 'x' }, 100), 0))).to.deep.equal([true, true, false]);
    expect(book.add(makeSilence('c', { user: 'x' }, 900), 100)).to.equal(true);
  });
});
