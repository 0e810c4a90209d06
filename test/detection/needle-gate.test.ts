import { expect } from 'chai';
import { atomsOf } from '../../src/detection/condition.ts';
import { NeedleGate, needlesOf } from '../../src/detection/needle-gate.ts';
import { load, ruleOf } from '../support/rules.ts';

const holds = (gate: NeedleGate, text: string): boolean => gate.mayHold(Buffer.from(text), 0, Buffer.byteLength(text));

describe('detection/needle-gate', () => {
  it('says no only where no needle can stand, however it is written', () => {
    const gate = new NeedleGate(['kube-bench', 'a.b']);
    const table: readonly (readonly [string, boolean])[] = [
      ['{"a":"x KUBE-Bench y"}', true],
      ['{"a":"A.B"}', true],
      ['{"a":"axb"}', false],
      ['{"a":"kube"}', false],
      ['{"a":"k\\u0075be-bench"}', true],
      ['{"a":"1\\u003c2 \\u0026 3\\u003E2"}', false],
      ['{"a":"\\u0130"}', true],
      ['{"a":"İ"}', true],
      ['{"a":"\\"\\n\\\\"}', false],
    ];
    for (const [text, expected] of table) expect(holds(gate, text), text).to.equal(expected);
  });

  it('is not there where some search says nothing about its needles', () => {
    const needles = (selection: string): readonly string[] | undefined => {
      const set = load(ruleOf(`kw: ${selection}\ncondition: kw`));
      return needlesOf(
        set.rules.flatMap(({ rule }) => atomsOf(rule.condition)),
        (atom) => atom.name === 'keywords',
      );
    };
    expect(needles('[kube-bench, "a*longer<b"]')).to.deep.equal(['kube-bench', 'longer']);
    expect(needles('{ "|re": ["a+"] }')).to.equal(undefined);
    expect(needles('[abc, x]')).to.equal(undefined);
    expect(needles('{ verb: get }')).to.equal(undefined);
  });
});
