import { expect } from 'chai';
import { gapFinding } from '../../src/pipeline/gap-finding.ts';

describe('pipeline/gap-finding', () => {
  const gap = { kind: 'missing', path: '/var/log/audit.log', from: 10, to: undefined, remedy: 'Look for it.' };
  const make = (more: object, nowMs = 1_000) =>
    gapFinding({ ...gap, ...more }, { cluster: 'c', source: 'audit', nowMs, identify: (text) => text });

  it('says what is missing where, and what to do', () => {
    expect(make({})).to.deep.include({ cluster: 'c', time: '1970-01-01T00:00:01.000Z', revision: 1 });
    expect(make({}).rule.id).to.equal('auditveil.log-gap');
    expect(make({}).evidence).to.deep.equal({
      'gap.source': ['audit'],
      'gap.kind': ['missing'],
      'gap.file': ['/var/log/audit.log'],
      'gap.from': ['10'],
      'gap.to': ['unknown'],
      'gap.remedy': ['Look for it.'],
    });
    expect(make({ to: 30 }).evidence['gap.to']).to.deep.equal(['30']);
  });

  it('is the same finding when the same gap is met again, but a file can be cut at the same byte twice', () => {
    expect(make({}, 1).id).to.equal(make({}, 2).id);
    expect(make({ from: 11 }).id).not.to.equal(make({}).id);
    expect(make({ kind: 'truncated' }, 1).id).not.to.equal(make({ kind: 'truncated' }, 2).id);
  });
});
