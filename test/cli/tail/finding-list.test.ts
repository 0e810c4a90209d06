import { expect } from 'chai';
import { everything, FindingList } from '../../../src/cli/tail/finding-list.ts';
import type { FindingItem } from '../../../src/web/api.ts';
import { aFinding, type FindingParts } from './a-finding.ts';

const item = (id: string, parts: FindingParts = {}): FindingItem => ({ finding: aFinding({ id, ...parts }), state: 'open' });
const ids = (list: FindingList): readonly string[] => list.shown.map((row) => row.item.finding.id);
const listOf = (most: number, ...items: readonly FindingItem[]): FindingList => {
  const list = new FindingList(most, ({ rule }) => rule.id === 'silenced');
  for (const one of items) list.put(one);
  return list;
};
const review = (finding: string, action: 'acknowledge' | 'close' | 'reopen') =>
  ({ note: 'review', at: '2026-05-04T09:00:00Z', by: { name: 'ann' }, action, finding }) as const;

describe('cli/tail/finding-list', () => {
  it('changes a row where it stands when a later revision comes, and never back', () => {
    const list = listOf(10, item('a', { revision: 2 }), item('b'), item('a', { revision: 3 }), item('a', { revision: 1 }));
    expect(ids(list)).to.deep.equal(['a', 'b']);
    expect(list.get('a')?.item.finding.revision).to.equal(3);
  });

  it('holds no more than it may, and counts what left', () => {
    const list = listOf(100, ...Array.from({ length: 1234 }, (_, i) => item(`f${i}`)));
    expect(list.size).to.be.at.most(110);
    expect(list.size + list.left).to.equal(1234);
    expect(ids(list).at(-1)).to.equal('f1233');
    expect(list.get('f0')).to.equal(undefined);
    expect(list.indexOf(list.shown[7]?.place ?? -1)).to.equal(7);
  });

  it('filters by words that are there and words that are not, also what comes later', () => {
    const list = listOf(10, item('a', { event: { namespace: 'shop' } }), item('b', { event: { namespace: 'ci' } }));
    list.filter = { ...everything, text: 'SECRET !ci' };
    list.put(item('c', { event: { namespace: 'ci' } }));
    list.put(item('d'));
    expect(ids(list)).to.deep.equal(['a', 'd']);
    list.filter = { ...everything, text: '!' };
    expect(ids(list)).to.have.length(4);
  });

  it('hides controllers, lower severities, and what was dealt with', () => {
    const list = listOf(
      ...([10, item('a'), item('b', { event: { user: 'system:node:n' } }), item('c', { rule: { severity: 'low' } })] as const),
      item('d', { rule: { id: 'silenced' } }),
    );
    list.filter = { ...everything, humans: true, least: 'medium', open: true };
    expect(ids(list)).to.deep.equal(['a']);
    list.review(review('a', 'acknowledge'));
    expect(ids(list)).to.deep.equal([]);
    list.review(review('a', 'reopen'));
    expect(ids(list)).to.deep.equal(['a']);
    list.filter = everything;
    list.review(review('a', 'close'));
    expect(list.get('a')?.item).to.include({ state: 'closed' });
    list.review(review('not there', 'close'));
  });
});
