import { expect } from 'chai';
import { type Finding, unknownEvent } from '../../src/core/finding.ts';
import { createSuppression } from '../../src/findings/suppression.ts';

const finding = (
  minute: number,
  more: {
    readonly user?: string;
    readonly ip?: string;
    readonly rule?: string;
    readonly episode?: string;
    readonly revision?: number;
  } = {},
): Finding => ({
  id: `f${minute}`,
  revision: more.revision ?? 1,
  rule: { id: more.rule ?? 'r', name: 'R', severity: 'high', author: undefined, licence: undefined, tags: [], covers: [] },
  time: new Date(Date.UTC(2026, 4, 4) + minute * 60_000).toISOString(),
  cluster: 'c',
  event: { ...unknownEvent, user: more.user ?? 'u', sourceIPs: more.ip ? [more.ip] : [] },
  evidence: {},
  ...(more.episode ? { episode: { id: more.episode, count: minute, first: '', last: '', group: {} } } : {}),
});
const short = (items: readonly Finding[]): readonly string[] =>
  items.map((item) => `${item.id}.${item.revision}${item.rolledUp ? ` x${item.rolledUp.count}` : ''}`);

describe('findings/suppression', () => {
  it('shows the first at once and the number when the hour is over', () => {
    const rolls = createSuppression({ show: 'first' });
    expect(short([0, 10, 59].flatMap((minute) => rolls.offer(finding(minute))))).to.deep.equal(['f0.1']);
    expect(short(rolls.offer(finding(61)))).to.deep.equal(['f0.2 x3', 'f61.1']);
    expect(short(rolls.close())).to.deep.equal([]);
  });

  it('shows each roll once, at its end, where one line each is wanted', () => {
    const rolls = createSuppression({ show: 'last' });
    expect([0, 10].flatMap((minute) => rolls.offer(finding(minute)))).to.deep.equal([]);
    expect(short(rolls.advance(Date.UTC(2026, 4, 4) + 61 * 60_000))).to.deep.equal(['f0.1 x2']);
    expect(short([...rolls.offer(finding(90)), ...rolls.close()])).to.deep.equal(['f90.1']);
  });

  it('keeps rules and principals apart; without a user the address is the principal', () => {
    const rolls = createSuppression({ show: 'first' });
    const items = [
      finding(0),
      finding(1, { user: 'v' }),
      finding(2, { rule: 's' }),
      finding(3, { user: '', ip: '192.0.2.1' }),
      finding(4, { user: '', ip: '192.0.2.2' }),
      finding(5),
    ];
    expect(short(items.flatMap((item) => rolls.offer(item)))).to.deep.equal(['f0.1', 'f1.1', 'f2.1', 'f3.1', 'f4.1']);
  });

  it('lets the last revision of an episode stand for the others', () => {
    const rolls = createSuppression({ show: 'last' });
    for (const revision of [1, 2, 3]) expect(rolls.offer(finding(revision, { episode: 'e', revision }))).to.deep.equal([]);
    expect(short(rolls.close())).to.deep.equal(['f3.3']);
    const live = createSuppression({ show: 'first' });
    expect([1, 2].flatMap((revision) => live.offer(finding(revision, { episode: 'e', revision })))).to.have.length(2);
  });

  it('lets the oldest roll go when there are too many', () => {
    const rolls = createSuppression({ show: 'last', maxRolls: 2 });
    const users = ['a', 'b', 'c', 'd'].flatMap((user, i) => rolls.offer(finding(i, { user })));
    expect(short(users)).to.deep.equal(['f0.1', 'f1.1']);
  });
});
