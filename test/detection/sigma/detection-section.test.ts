import { expect } from 'chai';
import { faultsOf, matches, ruleOf, selectionOf } from '../../support/rules.ts';

describe('detection/sigma/detection-section', () => {
  it('takes selections named like a quantifier, which is one only before "of"', () => {
    for (const name of ['all', 'any'])
      expect(matches(ruleOf(`${name}: { verb: get }\nb: { verb: list }\ncondition: ${name} or b`), { verb: 'get' })).to.equal(
        true,
      );
    expect(faultsOf(ruleOf('them: { verb: get }\ncondition: them')).join()).to.include('E_RULE_SELECTION');
  });

  it('takes a map as "all of", and a list of maps as "one of"', () => {
    const rule = ruleOf('sel:\n  - { a: 1, b: 1 }\n  - { c: 1 }\ncondition: sel');
    expect(matches(rule, { a: 1, b: 1 })).to.equal(true);
    expect(matches(rule, { a: 1 })).to.equal(false);
    expect(matches(rule, { c: 1 })).to.equal(true);
  });

  it('looks up many whole texts at once with the same result', () => {
    const rule = selectionOf('verb: [get, LIST, watch, patch]');
    for (const verb of ['get', 'list', 'Watch']) expect(matches(rule, { verb }), verb).to.equal(true);
    expect(matches(rule, { verb: 'create' })).to.equal(false);
  });

  it('does not bind two members to the same element of an array', () => {
    const rule = selectionOf('l.a: 1, l.b: 1');
    expect(matches(rule, { l: [{ a: 1 }, { b: 1 }] })).to.equal(true);
  });

  it('moves a value to the field that the mapping names', () => {
    const fields = 'values: [{ field: responseStatus.code, value: ALLOW, means: { field: decision, value: allow } }]';
    const rule = selectionOf('responseStatus.code: [403, ALLOW]');
    expect(matches(rule, { decision: 'allow' }, fields)).to.equal(true);
    expect(matches(rule, { responseStatus: { code: 403 } }, fields)).to.equal(true);
    expect(matches(rule, { responseStatus: { code: 200 } }, fields)).to.equal(false);
  });

  it('sees the command of a URI behind a mapped name', () => {
    const fields = 'names: { cmd: [{ field: requestURI, as: command }, requestObject.command] }';
    const rule = selectionOf('cmd|contains: /etc/shadow');
    expect(matches(rule, { requestURI: '/x?command=cat&command=%2Fetc%2Fshadow' }, fields)).to.equal(true);
    expect(matches(rule, { requestObject: { command: ['cat', '/etc/shadow'] } }, fields)).to.equal(true);
    expect(matches(rule, { requestURI: '/etc/shadow?command=ls' }, fields)).to.equal(false);
  });

  it('takes a list of maps and keywords as "one of"', () => {
    const rule = ruleOf('sel:\n  - { a: 1 }\n  - needle\ncondition: sel');
    expect(matches(rule, { a: 1 })).to.equal(true);
    expect(matches(rule, { b: 'a needle here' })).to.equal(true);
    expect(matches(rule, { b: 1 })).to.equal(false);
  });

  it('takes "all" and "any" as names of selections where no count is meant', () => {
    for (const name of ['all', 'any'])
      expect(matches(ruleOf(`${name}: { a: 1 }\ncondition: ${name}`), { a: 1 }), name).to.equal(true);
    expect(matches(ruleOf('all: { a: 1 }\nb: { b: 1 }\ncondition: all and all of b*'), { a: 1, b: 1 })).to.equal(true);
  });

  it('refuses empty selections, names that conditions use, and a missing condition', () => {
    expect(faultsOf(ruleOf('sel: {}\ncondition: sel')).join()).to.include('E_RULE_SELECTION');
    expect(faultsOf(ruleOf('sel:\ncondition: sel')).join()).to.include('E_RULE_SELECTION');
    expect(faultsOf(ruleOf('sel: []\ncondition: sel')).join()).to.include('E_RULE_SELECTION');
    expect(faultsOf(ruleOf('not: { a: 1 }\ncondition: not')).join()).to.include('E_RULE_SELECTION');
    expect(faultsOf(ruleOf('"a b": { a: 1 }\ncondition: 1 of them')).join()).to.include('E_RULE_SELECTION');
    expect(faultsOf(ruleOf('sel: { a: 1 }')).join()).to.include('E_RULE_CONDITION');
    expect(faultsOf(ruleOf('sel: { a: 1 }\ncondition: []')).join()).to.include('E_RULE_CONDITION');
    expect(faultsOf(ruleOf('sel: { a: 1 }\ncondition: { a: 1 }')).join()).to.include('must be a text');
    expect(faultsOf(ruleOf('sel: { a: 1 }\ntimeframe: 5m\ncondition: sel')).join()).to.include('correlation rule');
    expect(faultsOf(`${ruleOf('sel: { a: 1 }').split('detection')[0]}detection: [a]\n`).join()).to.include('E_RULE_DETECTION');
  });
});
