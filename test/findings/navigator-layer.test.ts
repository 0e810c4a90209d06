import { expect } from 'chai';
import { navigatorLayer } from '../../src/findings/navigator-layer.ts';

describe('findings/navigator-layer', () => {
  it('scores each technique by its rules, and says which of them are blind', () => {
    const rule = (name: string, share: number, ...tags: string[]) => ({ name, share, tags });
    const layer = navigatorLayer('n', 'd', [
      rule('one', 1, 'attack.execution', 'attack.t1609'),
      rule('two', 0, 'attack.t1609', 'attack.t1552.007'),
      rule('three', 0.5, 'attack.T1609', 'other.tag'),
    ]) as { techniques: unknown[]; versions: unknown; domain: string };
    expect(layer.domain).to.equal('enterprise-attack');
    expect(layer.versions).to.deep.include({ layer: '4.5' });
    expect(layer.techniques).to.deep.equal([
      { techniqueID: 'T1552.007', score: 0, comment: 'blind: two', enabled: true, showSubtechniques: true },
      {
        techniqueID: 'T1609',
        score: 50,
        comment: 'sees: one\nblind: two\npartly: three',
        enabled: true,
        showSubtechniques: false,
      },
    ]);
  });
});
