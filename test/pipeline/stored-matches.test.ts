import { expect } from 'chai';
import type { PlanDictionary } from '../../src/core/record.ts';
import { recordFlags } from '../../src/core/record.ts';
import { StoredMatches } from '../../src/pipeline/stored-matches.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { load, ruleOf } from '../support/rules.ts';

const idOf = (id: number): string => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
const count = (id: number, rule: number): string =>
  `title: Count ${id}\nid: ${idOf(id)}\ncorrelation: { type: event_count, rules: ['${idOf(rule)}'], group-by: [verb], timespan: 1m, condition: { gte: 3 } }\n`;
const set = load(
  [
    ruleOf('s: { verb: get }\ncondition: s', 1),
    ruleOf('s: { verb: [get, list] }\ncondition: s', 2),
    count(8, 1),
    count(9, 2),
  ].join('---\n'),
);
const plan = (rules: readonly number[], correlations: readonly number[]): PlanDictionary => ({
  type: 'plan',
  rules: rules.map(idOf),
  correlations: correlations.map(idOf),
  kinds: [],
  actions: [],
});
const key = { correlation: 0, group: '00'.repeat(16) };

describe('pipeline/stored-matches', () => {
  it('keeps what was matched when the event came, also what the masked event no longer shows', () => {
    const stored = new StoredMatches(set);
    const record = maskedRecord({ verb: 'get' }, { plan: plan([1, 2], [8, 9]), matches: [], stateKeys: [] });
    expect(stored.of(record)).to.equal(record);
    expect(stored.askedOfMasked.size).to.equal(0);
  });

  it('asks rules and correlations of the masked event that were not in force, and says which', () => {
    const stored = new StoredMatches(set);
    const record = maskedRecord({ verb: 'get' }, { plan: plan([1], [8]), matches: [idOf(1)], stateKeys: [key] });
    const seen = stored.of(record);
    expect(seen.matches).to.deep.equal([idOf(1), idOf(2)]);
    expect(seen.stateKeys.map(({ correlation }) => seen.plan?.correlations[correlation])).to.deep.equal([idOf(8), idOf(9)]);
    expect(seen.payload).to.equal(record.payload);
    expect([...stored.askedOfMasked]).to.have.members([idOf(2), idOf(9)]);
    // What an older rule would find in the masked event does not count.
    expect(stored.of(maskedRecord({ verb: 'get' }, { plan: plan([1], [8]) })).matches).to.deep.equal([idOf(2)]);
  });

  it('asks nothing of a stub', () => {
    const stub = maskedRecord({ verb: 'get' }, { plan: plan([], []), flags: recordFlags.stub });
    expect(new StoredMatches(set).of(stub)).to.equal(stub);
  });
});
