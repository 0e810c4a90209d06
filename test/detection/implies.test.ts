import { expect } from 'chai';
import { implies } from '../../src/detection/implies.ts';
import { load, ruleOf } from '../support/rules.ts';

/** Conditions of several rules of one set, so that their fields have the same numbers. */
function conditions(...detections: readonly string[]) {
  const set = load(detections.map((detection, i) => ruleOf(detection, i + 1)).join('---\n'));
  return set.rules.map(({ rule }) => rule.condition);
}

describe('detection/implies', () => {
  const rows: readonly (readonly [name: string, one: string, other: string, certain: boolean])[] = [
    ['itself', 's: { verb: get }\ncondition: s', 's: { verb: get }\ncondition: s', true],
    ['a clause less', 's: { verb: get, stage: Panic }\ncondition: s', 's: { verb: get }\ncondition: s', true],
    ['a clause more', 's: { verb: get }\ncondition: s', 's: { verb: get, stage: Panic }\ncondition: s', false],
    [
      'a longer list',
      's: { verb: [get, list, watch] }\ncondition: s',
      's: { verb: [GET, list, watch, create] }\ncondition: s',
      true,
    ],
    ['one of a list', 's: { verb: list }\ncondition: s', 's: { verb: [get, list, watch] }\ncondition: s', true],
    ['a shorter list', 's: { verb: [get, list] }\ncondition: s', 's: { verb: get }\ncondition: s', false],
    ['that there is a value', 's: { verb: get }\ncondition: s', 's: { verb|exists: true }\ncondition: s', true],
    ['an alternative', 'a: { verb: get }\ncondition: a', 'a: { verb: get }\nb: { stage: Panic }\ncondition: a or b', true],
    [
      'one of two alternatives only',
      'a: { verb: get }\nb: { stage: Panic }\ncondition: a or b',
      'a: { verb: get }\ncondition: a',
      false,
    ],
    [
      'a smaller exception',
      's: { verb: get }\nf: { level: [None, Request] }\ncondition: s and not f',
      's: { verb: get }\nf: { level: None }\ncondition: s and not f',
      true,
    ],
    [
      'a greater exception',
      's: { verb: get }\nf: { level: None }\ncondition: s and not f',
      's: { verb: get }\nf: { level: [None, Request] }\ncondition: s and not f',
      false,
    ],
    ['the same field upside down', 's: { verb|neq: get }\ncondition: s', 's: { verb: get }\ncondition: s', false],
    ['a wider expression', 's: { verb|contains: get }\ncondition: s', 's: { verb: get }\ncondition: s', false],
    ['a looser spelling', 's: { verb|cased: GET }\ncondition: s', 's: { verb: get }\ncondition: s', false],
    ['another field', 's: { level: Request }\ncondition: s', 's: { stage: Request }\ncondition: s', false],
  ];
  for (const [name, one, other, certain] of rows) {
    it(`${certain ? 'sees' : 'does not claim'} that a condition implies ${name}`, () => {
      const [first, second] = conditions(one, other);
      expect(implies(first ?? expect.fail(), second ?? expect.fail())).to.equal(certain);
    });
  }
});
