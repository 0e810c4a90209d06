import { expect } from 'chai';
import { extractsOf } from '../../src/detection/extracts-of.ts';
import { RuleIndex } from '../../src/detection/rule-index.ts';
import { load, ruleOf } from '../support/rules.ts';

// That the index never strikes out a rule that matches is a property in matcher.test.ts; here is that it does strike out.
const survivors = (detections: readonly string[], event: unknown): readonly number[] => {
  const set = load(detections.map((text, i) => ruleOf(text, i + 1)).join('---\n'));
  const index = new RuleIndex(
    set.matcher.fields,
    set.rules.map(({ rule }) => rule.condition),
    9,
  );
  const alive = new Uint32Array(1);
  index.narrow(extractsOf(event, set.matcher.fields), alive);
  return detections.flatMap((_, i) => (((alive[0] as number) >> i) & 1 ? [i] : []));
};

describe('detection/rule-index', () => {
  it('strikes a rule out by the value of a head field', () => {
    expect(survivors(['s: { verb: create }\ncondition: s', 's: { verb: get }\ncondition: s'], { verb: 'get' })).to.deep.equal([
      1,
    ]);
  });

  it('strikes a rule out by an exclusion', () => {
    const rule = 's: { verb: get }\nf: { user.username|startswith: "system:" }\ncondition: s and not f';
    expect(survivors([rule], { verb: 'get', user: { username: 'system:node:a' } })).to.deep.equal([]);
    expect(survivors([rule], { verb: 'get', user: { username: 'dev@example.com' } })).to.deep.equal([0]);
  });

  it('strikes a rule out because a field it needs is not there', () => {
    const rule = 's: { requestObject.spec.hostPID: true }\ncondition: s';
    expect(survivors([rule], { verb: 'create' })).to.deep.equal([]);
    expect(survivors([rule], { requestObject: { spec: { hostPID: false } } })).to.deep.equal([0]);
  });

  it('strikes a rule out by a list none of whose values fits', () => {
    const rule = 's: { user.groups: "system:masters" }\ncondition: s';
    expect(survivors([rule], { user: { groups: ['a', 'b'] } })).to.deep.equal([]);
    expect(survivors([rule], { user: { groups: ['a', 'system:masters'] } })).to.deep.equal([0]);
  });

  it('keeps a rule that asks about the list as a whole', () => {
    expect(survivors(['s: { user.groups|exists: true }\ncondition: s'], { user: { groups: ['a'] } })).to.deep.equal([0]);
    expect(survivors(['s: { user.groups|neq: a }\ncondition: s'], { user: { groups: ['b'] } })).to.deep.equal([0]);
  });
});
