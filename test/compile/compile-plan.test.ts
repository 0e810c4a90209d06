import { expect } from 'chai';
import { engineOf, maskOne } from '../support/inspect-lines.ts';

const packOf = (rule: string, example = "text: 'KEY-ABCDEFGH', gone: ABCDEFGH"): string => `
id: test
summary: Test.
names: { secret: { expression: password } }
rules:
  - { id: one, kind: test-kind, category: secret, about: Test., ${rule} }
examples:
  - { name: yes, rule: one, ${example} }
  - { name: no, rule: one, text: plain, unchanged: true }
`;

describe('compile/compile-plan', () => {
  it('gives the same plan id for the same packs and another one for other packs', () => {
    const one = engineOf([packOf("pattern: { expression: 'KEY-[A-Z]{8}' }")]);
    const same = engineOf([packOf("pattern: { expression: 'KEY-[A-Z]{8}' }")]);
    const other = engineOf([packOf("pattern: { expression: 'KEY-[A-Z]{7}' }")]);
    expect(one.plan.id).to.equal(same.plan.id);
    expect(one.plan.id).not.to.equal(other.plan.id);
  });

  it('names file and line of a rule whose path is wrong', () => {
    expect(() => engineOf([packOf('structure: { in: nowhere, mask: a }')])).to.throw(/pack-0\.yml:6/);
  });

  it('names file and line of a rule that uses an unknown class of names', () => {
    expect(() => engineOf([packOf("names: { in: '**', class: secrets }")])).to.throw(/pack-0\.yml:6/);
  });

  it('tries a pattern without a trigger on every value', () => {
    const engine = engineOf([
      packOf("pattern: { expression: '[^ ]{26}' }", "text: 'abcdefghijklmnopqrstuvwxyz', gone: abcdefgh"),
    ]);
    expect(engine.plan.triggers.filter((trigger) => trigger.patterns.includes(0))).to.have.length(0);
    expect(maskOne(engine, '{"a":"x abcdefghijklmnopqrstuvwxyz y"}')).to.equal('{"a":"x [MASKED:test-kind] y"}');
  });
});
