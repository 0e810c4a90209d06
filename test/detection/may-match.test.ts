import { expect } from 'chai';
import { type KnownOfEvent, mayMatch } from '../../src/detection/may-match.ts';
import { load, ruleOf } from '../support/rules.ts';

function may(detection: string, known: KnownOfEvent = {}): boolean {
  const set = load(ruleOf(detection));
  return mayMatch(set.rules[0]?.rule.condition ?? expect.fail(), set.matcher.fields, known);
}
const rule = 's: { verb: create, requestObject.a: x }\nf: { objectRef.subresource|exists: true }\ncondition: s and not f';

describe('detection/may-match', () => {
  it('is sure only where a known value decides', () => {
    expect(may(rule)).to.equal(true);
    expect(may(rule, { values: { verb: 'create' } })).to.equal(true);
    expect(may(rule, { values: { verb: 'get' } })).to.equal(false);
    expect(may(rule, { values: { user: 'anybody' } })).to.equal(true);
  });

  it('tells a missing field from an empty one and from one that is not known', () => {
    expect(may(rule, { values: { 'objectRef.subresource': undefined } })).to.equal(true);
    expect(may(rule, { values: { 'objectRef.subresource': 'status' } })).to.equal(false);
    expect(may('s: { objectRef.subresource: exec }\ncondition: s', { values: { 'objectRef.subresource': undefined } })).to.equal(
      false,
    );
  });

  it('knows what cannot hold without a body', () => {
    const withoutMembers = new Set(['requestObject']);
    expect(may(rule, { withoutMembers })).to.equal(false);
    expect(may('a: { requestObject.a: x }\nb: { verb: get }\ncondition: a or b', { withoutMembers })).to.equal(true);
    expect(may('s: { verb: get }\nf: { requestObject.a: x }\ncondition: s and not f', { withoutMembers })).to.equal(true);
  });

  it('counts fields no event has as missing', () => {
    expect(may("s: { no.such: '*' }\ncondition: s")).to.equal(false);
    expect(may("s: { objectRef.rsource: '*' }\ncondition: s")).to.equal(false);
    expect(may("s: { user.name: '*' }\ncondition: s")).to.equal(false);
    for (const name of ['user.extra.x', 'objectRef', 'objectRef.resource', 'responseStatus.details.kind', 'requestObject.any'])
      expect(may(`s: { ${name}: '*' }\ncondition: s`), name).to.equal(true);
  });
});
