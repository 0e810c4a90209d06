import { expect } from 'chai';
import { extractsOf } from '../../src/detection/extracts-of.ts';
import { AtomTable } from '../../src/detection/program.ts';
import { RuleIndex } from '../../src/detection/rule-index.ts';
import { load, ruleOf } from '../support/rules.ts';

// That the index never strikes out a rule that matches is a property in matcher.test.ts; here is that it does strike out.
const survivors = (detections: readonly string[], event: unknown, met = 0): readonly number[] => {
  const set = load(detections.map((text, i) => ruleOf(text, i + 1)).join('---\n'));
  const table = new AtomTable();
  const programs = set.rules.map(({ rule }) => table.program(rule.condition));
  const index = new RuleIndex(set.matcher.fields, table.atoms, programs, 9);
  const alive = new Uint32Array(1);
  const extracts = extractsOf(event, set.matcher.fields);
  const keys = { keys: Int32Array.from(extracts.fields, (_, i) => i), keySpace: {} };
  for (let i = 1; i < met; i++) index.narrow({ ...extracts, ...keys }, alive);
  index.narrow(met > 0 ? { ...extracts, ...keys } : extracts, alive);
  return detections.flatMap((_, i) => (((alive[0] as number) >> i) & 1 ? [i] : []));
};

/** The same where the scanner has a key for every value, and has met all of them often. */
const keyedSurvivors = (detections: readonly string[], event: unknown): readonly number[] => survivors(detections, event, 16);

/** Enough of a rule for fields of many values to be looked up. */
const four = (rule: string): readonly string[] => [rule, rule, rule, rule];

describe('detection/rule-index', () => {
  it('strikes a rule out by the value of a head field', () => {
    expect(survivors(['s: { verb: create }\ncondition: s', 's: { verb: get }\ncondition: s'], { verb: 'get' })).to.deep.equal([
      1,
    ]);
  });

  it('strikes a rule out by an exclusion', () => {
    const rule = 's: { verb: get }\nf: { user.username|startswith: "system:" }\ncondition: s and not f';
    expect(survivors(four(rule), { verb: 'get', user: { username: 'system:node:a' } })).to.deep.equal([]);
    expect(survivors(four(rule), { verb: 'get', user: { username: 'dev@example.com' } })).to.deep.equal([0, 1, 2, 3]);
  });

  it('strikes a rule out because a field it needs is not there', () => {
    const rule = 's: { requestObject.spec.hostPID: true }\ncondition: s';
    expect(survivors([rule], { verb: 'create' })).to.deep.equal([]);
    expect(survivors([rule], { requestObject: { spec: { hostPID: false } } })).to.deep.equal([0]);
  });

  it('strikes a rule out by a list none of whose values fits', () => {
    const rule = 's: { user.groups: "system:masters" }\ncondition: s';
    expect(survivors(four(rule), { user: { groups: ['a', 'b'] } })).to.deep.equal([]);
    expect(survivors(four(rule), { user: { groups: ['a', 'system:masters'] } })).to.deep.equal([0, 1, 2, 3]);
  });

  it('does not look fields of many values up for a rule or two', () => {
    const rule = 's: { user.username: a }\ncondition: s';
    expect(survivors([rule], { user: { username: 'b' } })).to.deep.equal([0]);
  });

  it('looks fields of many values up for one rule where the scanner has a key for the value and has met it often', () => {
    expect(keyedSurvivors(['s: { user.username: a }\ncondition: s'], { user: { username: 'b' } })).to.deep.equal([]);
    expect(survivors(['s: { user.username: a }\ncondition: s'], { user: { username: 'b' } }, 2)).to.deep.equal([0]);
    expect(keyedSurvivors(['s: { user.groups: a }\ncondition: s'], { user: { groups: ['b', 'c'] } })).to.deep.equal([]);
    expect(keyedSurvivors(['s: { user.groups: a }\ncondition: s'], { user: { groups: ['b', 'a'] } })).to.deep.equal([0]);
  });

  it('strikes rules out by the only address of a list, and by none of several', () => {
    const rules = [
      's: { sourceIPs|cidr: 10.0.0.0/8 }\ncondition: s',
      's: { verb: get }\nf: { sourceIPs|cidr: 10.0.0.0/8 }\ncondition: s and not f',
      's: { sourceIPs: "*" }\ncondition: s',
      's: { verb: get }\ncondition: s',
    ];
    expect(survivors(rules, { verb: 'get', sourceIPs: ['10.1.2.3'] })).to.deep.equal([0, 2, 3]);
    expect(survivors(rules, { verb: 'get', sourceIPs: ['192.0.2.1'] })).to.deep.equal([1, 2, 3]);
    expect(survivors(rules, { verb: 'get', sourceIPs: ['192.0.2.1', '10.1.2.3'] })).to.deep.equal([0, 1, 2, 3]);
  });

  it('strikes a rule out because a field has a value that must not be there', () => {
    const rule = 's: { verb: get }\nf: { sourceIPs: "*" }\ncondition: s and not f';
    expect(survivors([rule], { verb: 'get', sourceIPs: ['192.0.2.1'] })).to.deep.equal([]);
    for (const sourceIPs of [[], [''], [null], null, ''])
      expect(survivors([rule], { verb: 'get', sourceIPs })).to.deep.equal([0]);
  });

  it('tells status codes from each other, and a number from a text', () => {
    const rules = ['s: { responseStatus.code: 403 }\ncondition: s', 's: { responseStatus.code|gte: 400 }\ncondition: s'];
    const set = load(rules.map((text, i) => ruleOf(text, i + 1)).join('---\n'));
    const table = new AtomTable();
    const programs = set.rules.map(({ rule }) => table.program(rule.condition));
    const index = new RuleIndex(set.matcher.fields, table.atoms, programs, 9);
    const left = (code: unknown): number => {
      const alive = new Uint32Array(1);
      index.narrow(extractsOf({ responseStatus: { code } }, set.matcher.fields), alive);
      return alive[0] as number;
    };
    const codes = [200, 403, 404, 4030, 40, -40, 4.03e2, 1e9, '403', 'abc', null];
    for (let round = 0; round < 12; round++) expect(codes.map(left), `${round}`).to.deep.equal([0, 3, 2, 2, 0, 0, 3, 2, 3, 0, 0]);
  });

  it('takes no fields but those of rules for what an event has: a plan has more', () => {
    const set = load(ruleOf('s: { verb: get }\nf: { user.username: "*" }\ncondition: s and not f', 1));
    const table = new AtomTable();
    const programs = set.rules.map(({ rule }) => table.program(rule.condition));
    const index = new RuleIndex(set.matcher.fields, table.atoms, programs, 9);
    const bytes = new TextEncoder().encode('get');
    const alive = new Uint32Array(1);
    for (let more = 0; more < 16; more++) {
      const fields = Uint16Array.of(...set.matcher.fields.map((_, field) => field), set.matcher.fields.length + more);
      const ends = Uint32Array.from(fields, (field) => (set.matcher.fields[field]?.name === 'user.username' ? 0 : 3));
      index.narrow({ bytes, count: 3, fields, types: new Uint8Array(3), starts: new Uint32Array(3), ends }, alive);
      expect(alive[0], `${more}`).to.equal(1);
    }
  });

  it('keeps a rule that asks about the list as a whole', () => {
    expect(survivors(['s: { user.groups|exists: true }\ncondition: s'], { user: { groups: ['a'] } })).to.deep.equal([0]);
    expect(survivors(['s: { user.groups|neq: a }\ncondition: s'], { user: { groups: ['b'] } })).to.deep.equal([0]);
  });
});
