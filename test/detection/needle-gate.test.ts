import { expect } from 'chai';
import { atomsOf } from '../../src/detection/condition.ts';
import { NeedleGate, needlesOf } from '../../src/detection/needle-gate.ts';
import { load, ruleOf } from '../support/rules.ts';

const holds = (gate: NeedleGate, text: string, needles: readonly string[]): boolean => {
  gate.forget();
  return gate.mayHold(needles, Buffer.from(`,${text},`), 1, Buffer.byteLength(text) + 1);
};

describe('detection/needle-gate', () => {
  it('says no only where no needle can stand, however it is written', () => {
    const needles = ['kube-bench', 'a.b'];
    const gate = new NeedleGate([...needles, 'other']);
    const table: readonly (readonly [string, boolean])[] = [
      ['{"a":"x KUBE-Bench y"}', true],
      ['{"a":"A.B"}', true],
      ['{"a":"axb"}', false],
      ['{"a":"kube"}', false],
      ['{"a":"k\\u0075be-bench"}', true],
      ['{"a":"1\\u003c2 \\u0026 3\\u003E2"}', false],
      ['{"a":"other"}', false],
      ['{"a":"\u212aube-bench"}', true],
      ['{"a":"\\u0130"}', true],
      ['{"a":"İ"}', false],
      ['{"a":"\\"\\n\\\\"}', false],
    ];
    for (const [text, expected] of table) expect(holds(gate, text, needles), text).to.equal(expected);
  });

  it('keeps nothing of the event before', () => {
    const gate = new NeedleGate(['ab', 'cd']);
    expect(holds(gate, 'ab', ['ab'])).to.equal(true);
    expect(holds(gate, 'cd', ['ab'])).to.equal(false);
    expect(holds(gate, 'x', ['ab'])).to.equal(false);
    expect(holds(new NeedleGate(['i']), 'İ', ['i'])).to.equal(true);
  });

  it('knows the needles of each search; searches that can name none are read value by value', () => {
    const needles = (selection: string): readonly string[] =>
      needlesOf(load(ruleOf(`kw: ${selection}\ncondition: kw`)).rules.flatMap(({ rule }) => atomsOf(rule.condition)));
    expect(needles('[kube-bench, "a*longer<b"]')).to.deep.equal(['kube-bench', 'longer']);
    expect(needles('{ "|re": ["a+"] }')).to.deep.equal([]);
    expect(needles('[abc, x]')).to.deep.equal([]);
    expect(needles('{ verb: get }')).to.deep.equal([]);
  });
});
