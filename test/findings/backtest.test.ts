import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import { unknownEvent } from '../../src/core/finding.ts';
import { Backtest, principalOf } from '../../src/findings/backtest.ts';

const rule = (id: string, severity: Finding['rule']['severity'] = 'low'): Finding['rule'] => ({
  id,
  name: `Rule ${id}`,
  severity,
  author: undefined,
  licence: undefined,
  tags: [],
  covers: [],
});

function finding(id: string, user: string | undefined, time: string, more: Partial<Finding> = {}): Finding {
  const event = { ...unknownEvent, user, sourceIPs: ['192.0.2.1', '192.0.2.7'] };
  return { id: 'f', revision: 1, rule: rule(id), time, cluster: '', event, evidence: {}, ...more };
}
const episode = (id: string, mergedInto?: string) => ({
  id,
  count: 3,
  first: '2026-05-04T08:59:00.000000Z',
  last: '2026-05-04T09:10:00.000000Z',
  group: { sourceIPs: '192.0.2.9' },
  ...(mergedInto === undefined ? {} : { mergedInto }),
});

describe('findings/backtest', () => {
  it('counts by rule, hour and principal, the gravest rules and the most frequent principals first', () => {
    const test = new Backtest();
    for (const user of ['a', 'b', 'b']) test.found(finding('1', user, '2026-05-04T09:00:00.000000Z'));
    test.found(finding('1', 'a', '2026-05-04T11:59:59.000000Z'));
    test.found(finding('1', 'b', '2026-05-04T11:00:00.000000Z'));
    test.found(finding('2', 'a', '2026-05-04T10:00:00.000000Z', { rule: rule('2', 'high') }));
    test.shown(finding('1', 'a', '2026-05-04T09:00:00.000000Z'));
    const [first, second] = test.rules();
    expect(first?.rule.id).to.equal('2');
    expect(second).to.deep.include({
      findings: 5,
      rolledUp: 1,
      byHour: [
        ['2026-05-04T09', 3],
        ['2026-05-04T11', 2],
      ],
      principals: [
        ['b', 3],
        ['a', 2],
      ],
    });
  });

  it('counts an episode once however often it is revised, in its first hour, and not when it was merged away', () => {
    const test = new Backtest();
    const time = '2026-05-04T09:10:00.000000Z';
    test.found(finding('1', 'a', time, { episode: episode('e1') }));
    test.found(finding('1', 'c', time, { revision: 2, episode: episode('e1') }));
    test.found(finding('1', 'a', time, { episode: episode('e2') }));
    test.found(finding('1', 'a', time, { revision: 2, episode: episode('e2', 'e1') }));
    test.shown(finding('1', 'a', time, { episode: episode('e2', 'e1') }));
    expect(test.rules()).to.have.length(1);
    expect(test.rules()[0]).to.deep.include({
      findings: 1,
      rolledUp: 0,
      byHour: [['2026-05-04T08', 1]],
      principals: [['c', 1]],
    });
  });

  it('names the user, else the peer, else the group', () => {
    const time = '2026-05-04T09:00:00.000000Z';
    expect(principalOf(finding('1', 'a', time))).to.equal('a');
    expect(principalOf(finding('1', undefined, time))).to.equal('~192.0.2.7');
    expect(principalOf(finding('1', undefined, time, { event: unknownEvent, episode: episode('e') }))).to.equal(
      'sourceIPs=192.0.2.9',
    );
    expect(principalOf(finding('1', undefined, time, { event: unknownEvent }))).to.equal('unknown');
  });

  it('remembers a bounded number of principals of a rule, and counts the others together', () => {
    const test = new Backtest();
    for (let i = 0; i < 10_050; i++) test.found(finding('1', `u${i}`, '2026-05-04T09:00:00.000000Z'));
    const [found] = test.rules();
    expect(found?.findings).to.equal(10_050);
    expect(found?.principals.length).to.equal(10_001);
    expect(found?.principals[0]).to.deep.equal(['(others)', 50]);
  });
});
