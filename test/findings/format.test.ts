import { expect } from 'chai';
import { type Finding, unknownEvent } from '../../src/core/finding.ts';
import { formatFinding } from '../../src/findings/format.ts';

const finding: Finding = {
  id: 'f',
  revision: 2,
  rule: {
    id: 'r',
    name: 'Rule\nwith a line',
    severity: 'high',
    author: 'A',
    licence: undefined,
    tags: ['attack.execution'],
    covers: ['IA01'],
  },
  time: '2026-05-04T00:00:00.000000Z',
  cluster: '',
  event: { ...unknownEvent, auditID: 'a', stage: 's', index: 0, user: 'u', code: 200 },
  evidence: { verb: ['create'] },
};

describe('findings/format', () => {
  it('writes one line with the members that scripts rely on', () => {
    const line = formatFinding({
      ...finding,
      episode: { id: 'e', count: 3, first: 'x', last: 'y', group: { sourceIPs: '192.0.2.1' } },
    });
    expect(line).not.to.include('\n');
    const parsed = JSON.parse(line) as Finding;
    expect(parsed.rule).to.include({ id: 'r', severity: 'high' });
    expect(parsed.rule.covers).to.deep.equal(['IA01']);
    expect(parsed.event).to.deep.equal({ auditID: 'a', stage: 's', index: 0, user: 'u', sourceIPs: [], code: 200 });
    expect(parsed.episode).to.deep.equal({ id: 'e', count: 3, first: 'x', last: 'y', group: { sourceIPs: '192.0.2.1' } });
    expect(parsed.revision).to.equal(2);
  });

  it('leaves out what is not there', () => {
    expect(JSON.parse(formatFinding(finding))).to.have.all.keys('rule', 'event', 'revision', 'id', 'time', 'evidence');
  });
});
