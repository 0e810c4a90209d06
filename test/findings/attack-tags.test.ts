import { expect } from 'chai';
import { attackOf } from '../../src/findings/attack-tags.ts';

describe('findings/attack-tags', () => {
  it('reads tactics in both spellings, techniques and sub-techniques, and nothing else', () => {
    const { tactics, techniques } = attackOf([
      'attack.defense-evasion',
      'attack.credential_access',
      'Attack.T1552.007',
      'attack.t1609',
      'attack.t16',
      'attack.s0002',
      'cve.2026-1',
    ]);
    expect(tactics.map(({ id }) => id)).to.deep.equal(['TA0005', 'TA0006']);
    expect(techniques).to.deep.equal([
      { id: 'T1552', subId: 'T1552.007' },
      { id: 'T1609', subId: undefined },
    ]);
  });
});
