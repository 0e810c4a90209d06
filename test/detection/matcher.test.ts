import { expect } from 'chai';
import fc from 'fast-check';
import { extractsOf } from '../../src/detection/extracts-of.ts';
import { createMatcher } from '../../src/detection/matcher.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { head, load, ruleOf } from '../support/rules.ts';

/** Values few enough that rules meet events often. */
const texts = ['get', 'list', 'Create', 'pods', 'secrets', 'exec', 'system:anonymous', 'ResponseComplete', 'a*', ''];
const names = [
  'verb',
  'stage',
  'objectRef.resource',
  'objectRef.subresource',
  'user.username',
  'user.groups',
  'sourceIPs',
  'userAgent',
  'requestObject.x.y',
];
const value = fc.constantFrom(...texts, '403', '200');
const member = fc.tuple(
  fc.constantFrom(...names),
  fc.constantFrom('', '|contains', '|startswith', '|neq', '|exists'),
  fc.uniqueArray(value, { minLength: 1, maxLength: 3 }),
);
const selection = fc.uniqueArray(member, { minLength: 1, maxLength: 3, selector: ([name, modifier]) => name + modifier });
const condition = fc.constantFrom(
  'a',
  'a and b',
  'a or b',
  'a and not b',
  'not a',
  'not (a and b)',
  '(a or b) and c',
  'a and not 1 of them',
  'c or not b and a',
);

const memberText = ([name, modifier, values]: readonly [string, string, readonly string[]]): string =>
  modifier === '|exists' ? `"${name}|exists": ${values.length === 1}` : `"${name}${modifier}": ${JSON.stringify(values)}`;
const rule = fc
  .tuple(selection, selection, selection, condition)
  .map(
    ([a, b, c, expression]) =>
      `a: { ${a.map(memberText).join(', ')} }\nb: { ${b.map(memberText).join(', ')} }\nc: { ${c.map(memberText).join(', ')} }\ncondition: ${expression}`,
  );
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: value },
  { weight: 1, arbitrary: fc.constantFrom(null, true, 403, {}, []) },
  { weight: 2, arbitrary: fc.array(value, { maxLength: 3 }) },
);
const event = fc.record(
  {
    verb: leaf,
    stage: leaf,
    objectRef: fc.record({ resource: leaf, subresource: leaf }, { requiredKeys: [] }),
    user: fc.record({ username: leaf, groups: leaf }, { requiredKeys: [] }),
    sourceIPs: fc.oneof(fc.array(leaf, { maxLength: 2 }), leaf),
    userAgent: leaf,
    requestObject: fc.oneof(fc.record({ x: fc.array(fc.record({ y: leaf })) }), leaf),
  },
  { requiredKeys: [] },
);

describe('detection/matcher', () => {
  it('finds with its index exactly the rules that each event fulfils on its own', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 40 }),
        fc.array(event, { minLength: 1, maxLength: 20 }),
        (rules, events) => {
          const set = load(rules.map((text, i) => ruleOf(text, i + 1)).join('---\n'));
          const alone = set.rules.map((loaded) =>
            createMatcher({
              fields: set.matcher.fields,
              conditions: [{ type: 'and', items: [loaded.rule.condition] }],
              feeds: [[]],
              seed: 1,
            }),
          );
          for (const item of [...events, ...events]) {
            const extracts = extractsOf(item, set.matcher.fields);
            const expected = alone.flatMap((matcher, i) => {
              let hit = false;
              matcher.match(
                { ...extracts, fields: Uint16Array.from(extracts.fields) },
                {
                  rule: () => {
                    hit = true;
                  },
                  stateKey: () => {},
                },
              );
              return hit ? [i] : [];
            });
            expect(matchEvent(set, item).rules).to.deep.equal(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('finds the same where the scanner has keys for values', () => {
    fc.assert(
      fc.property(
        fc.array(rule, { minLength: 1, maxLength: 40 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        fc.nat(60),
        (rules, events, renamed) => {
          const [set, plain] = [rules, rules].map((all) => load(all.map((text, i) => ruleOf(text, i + 1)).join('---\n'))) as [
            ReturnType<typeof load>,
            ReturnType<typeof load>,
          ];
          let keys = new Map<string, number>();
          let keySpace = {};
          for (const [i, item] of Array.from({ length: 12 }, () => events)
            .flat()
            .entries()) {
            // Keys that were given before are given to other values from here on.
            if (i === renamed) [keys, keySpace] = [new Map([['none', 0]]), {}];
            const extracts = extractsOf(item, set.matcher.fields);
            const keyOf = (_: unknown, at: number): number => {
              const { bytes, fields, types, starts, ends } = extracts;
              if ((types[at] as number) > 1) return -1;
              const text = `${fields[at]} ${Buffer.from(bytes.subarray(starts[at], ends[at])).toString()}`;
              if (!keys.has(text)) keys.set(text, keys.size);
              return keys.get(text) as number;
            };
            const keyed = { ...extracts, keys: Int32Array.from({ length: extracts.count }, keyOf), keySpace };
            const found: number[] = [];
            set.matcher.match(keyed, { rule: (number) => found.push(number), stateKey: () => {} });
            expect(found).to.deep.equal(matchEvent(plain, item).rules);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('matches an event with a repeated head field when one of the values fits', () => {
    const set = load(ruleOf('sel: { verb: create, objectRef.resource: pods }\ncondition: sel'));
    expect(matchEvent(set, { verb: ['get', 'create'], objectRef: { resource: 'pods' } }).rules).to.deep.equal([0]);
  });

  it('reads escaped strings as what they stand for', () => {
    const set = load(ruleOf('sel: { verb: delete }\ncondition: sel'));
    const bytes = new TextEncoder().encode('d\\u0065lete');
    const extracts = {
      bytes,
      count: 1,
      fields: Uint16Array.of(0),
      types: Uint8Array.of(1),
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(bytes.length),
    };
    const hits: number[] = [];
    set.matcher.match(extracts, { rule: (number) => hits.push(number), stateKey: () => {} });
    expect(hits).to.deep.equal([0]);
  });

  it('works with more than 64 rules', () => {
    const set = load(Array.from({ length: 70 }, (_, i) => ruleOf(`sel: { verb: v${i} }\ncondition: sel`, i + 1)).join('---\n'));
    for (const i of [0, 31, 32, 63, 64, 69]) expect(matchEvent(set, { verb: `v${i}` }).rules).to.deep.equal([i]);
  });

  it('gives no rule and no state key without rules', () => {
    const matcher = createMatcher({ fields: [], conditions: [], feeds: [], seed: 1 });
    const fail = (): never => expect.fail();
    matcher.match(extractsOf({ verb: 'get' }, []), { rule: fail, stateKey: fail });
  });

  describe('state keys', () => {
    const correlation = (more: string): string =>
      `${ruleOf('sel: { responseStatus.code: 403 }\ncondition: sel', 1, 'name: refused\n')}---\n${head(2)}correlation: { rules: [refused], timespan: 5m, ${more} }\n`.replace(
        /logsource.*\n(?=correlation)/,
        '',
      );
    const keys = (more: string, item: unknown) => matchEvent(load(correlation(more)), item).stateKeys;
    const count = 'type: event_count, group-by: [sourceIPs], condition: { gte: 2 }';
    const refused = { responseStatus: { code: 403 } };

    it('groups a list by its last element, which is the peer', () => {
      const forged = keys(count, { ...refused, sourceIPs: ['203.0.113.1', '192.0.2.1'] });
      expect(forged).to.deep.equal(keys(count, { ...refused, sourceIPs: ['192.0.2.1'] }));
      expect(forged).to.have.length(1);
    });

    it('leaves an event without the field to group by alone', () => {
      expect(keys(count, refused)).to.deep.equal([]);
      expect(keys(count, { ...refused, sourceIPs: [] })).to.deep.equal([]);
    });

    it('counts one value per event, and none where the counted field is missing', () => {
      const values = 'type: value_count, group-by: [sourceIPs], condition: { field: user.username, gte: 2 }';
      expect(keys(values, { ...refused, sourceIPs: ['192.0.2.1'], user: {} })).to.deep.equal([]);
      const [a] = keys(values, { ...refused, sourceIPs: ['192.0.2.1'], user: { username: 'a' } });
      const [b] = keys(values, { ...refused, sourceIPs: ['192.0.2.1'], user: { username: 'b' } });
      expect(a?.group).to.equal(b?.group);
      expect(a?.value).not.to.equal(b?.value);
    });

    it('says for sequences which of the rules matched', () => {
      expect(keys('type: temporal, group-by: [sourceIPs]', { ...refused, sourceIPs: ['192.0.2.1'] })[0]?.value).to.equal(0);
    });
  });

  it('counts for each rule how often it was looked at closely and what it asked, once it is told to', () => {
    const set = load(
      [ruleOf('s: { verb: get, userAgent|contains: curl }\ncondition: s', 1), ruleOf('s: { verb: list }\ncondition: s', 2)].join(
        '---\n',
      ),
    );
    matchEvent(set, { verb: 'get', userAgent: 'x' });
    const costs = set.matcher.measure?.() ?? expect.fail();
    expect([...costs.looks]).to.deep.equal([0, 0]);
    for (const verb of ['get', 'get', 'watch']) matchEvent(set, { verb, userAgent: `curl/${verb}` });
    matchEvent(set, { verb: 'list', userAgent: 'x' });
    expect(costs.looks[0]).to.be.at.least(2);
    expect(costs.looks[1]).to.be.at.least(1);
    expect(costs.looks[1]).to.be.lessThan(4);
    expect(costs.tests[0]).to.be.at.least(2);
    expect(set.matcher.measure?.()).to.equal(costs);
  });
});
