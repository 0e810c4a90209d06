import { expect } from 'chai';
import type { ContextDictionary, Dictionary, MaskedRecord, PlanDictionary } from '../../src/core/record.ts';
import { readExceptions } from '../../src/detection/exceptions.ts';
import { noMapping } from '../../src/detection/field-mapping.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { ExceptionGate } from '../../src/findings/exception-gate.ts';
import { decodeRecord } from '../../src/log/record-decoder.ts';
import { contextDictionary, makeTile, planDictionary } from '../support/log-fixture.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { ruleOf } from '../support/rules.ts';

const first = '00000000-0000-4000-8000-000000000001';
const second = '00000000-0000-4000-8000-000000000002';
const rules = `${ruleOf('s: { verb: get }\ncondition: s', 1, 'name: one\n')}---\n${ruleOf('s: { verb: get }\ncondition: s', 2, 'name: two\n')}---
title: Together
id: 00000000-0000-4000-8000-000000000009
correlation: { type: event_count, rules: [one, two], group-by: [verb], timespan: 1m, condition: { gte: 3 } }
`;

function gateOf(about: string) {
  const text = `exceptions: [{ rule: ${about}, where: { verb: get }, owner: o, reason: r, expires: 2026-05-05 }]`;
  const { exceptions, rules: own } = readExceptions([{ file: 'e.yml', text }], noMapping);
  const set = loadRules([{ file: 'r.yml', text: rules }, ...own]);
  const matchId = exceptions[0]?.matchId ?? expect.fail();
  return { gate: new ExceptionGate(exceptions, set, (name) => name), matchId };
}
const planOf = ({ payload }: Dictionary) => JSON.parse(Buffer.from(payload).toString()) as PlanDictionary;
const contextOf = ({ payload }: Dictionary) => JSON.parse(Buffer.from(payload).toString()) as ContextDictionary;
/** All but what an exception changes. */
const members = (Object.keys(maskedRecord({})) as (keyof MaskedRecord)[]).filter(
  (name) => !['matches', 'stateKeys'].includes(name),
);
const key = { correlation: 0, group: '00'.repeat(16) };
const at = (day: number) => Date.UTC(2026, 4, day) * 1000;

describe('findings/exception-gate', () => {
  it('leaves records alone that no exception is about', () => {
    const { gate } = gateOf('one');
    const record = maskedRecord({}, { matches: [first, second], stateKeys: [key] });
    expect(gate.apply(record).record).to.equal(record);
    expect(gate.hidden.size).to.equal(0);
  });

  it('takes the match out, counts it, and leaves the other rules and their part in correlations', () => {
    const { gate, matchId } = gateOf('one');
    const record = maskedRecord({}, { matches: [first, second, matchId], stateKeys: [key] });
    const { record: left, expired } = gate.apply(record);
    expect(left.matches).to.deep.equal([second]);
    expect(left.stateKeys).to.deep.equal([key]);
    expect(expired).to.deep.equal([]);
    expect([...gate.hidden]).to.deep.equal([[first, 1]]);
    gate.apply(record);
    expect([...gate.hidden]).to.deep.equal([[first, 2]]);
  });

  it('leaves everything else of a record that is read out of the log as it is', () => {
    const { gate, matchId } = gateOf('one');
    const { bytes } = makeTile([{ id: 7, matches: [0, 1, 2], masks: [[0, 0, 1]], receivedAtMs: 5 }]);
    const names = { ...planOf(planDictionary), rules: [first, second, matchId] };
    const lookup = { context: () => contextOf(contextDictionary), plan: () => names };
    const stored = decodeRecord(bytes, new DataView(bytes.buffer), 0, lookup);
    const { record } = gate.apply(stored);
    expect(record.matches).to.deep.equal([second]);
    for (const member of members) expect(record[member], member).to.deep.equal(stored[member]);
  });

  it('lets an event count in no correlation that only the excepted rule feeds', () => {
    const { gate, matchId } = gateOf('one');
    expect(gate.apply(maskedRecord({}, { matches: [first, matchId], stateKeys: [key] })).record.stateKeys).to.deep.equal([]);
  });

  it('keeps an event out of a correlation that the exception names, and lets its rules report', () => {
    const { gate, matchId } = gateOf('Together');
    const { record } = gate.apply(maskedRecord({}, { matches: [first, matchId], stateKeys: [key] }));
    expect(record.matches).to.deep.equal([first]);
    expect(record.stateKeys).to.deep.equal([]);
  });

  it('stops at the hour it expires, in event time, and says so once', () => {
    const { gate, matchId } = gateOf('one');
    const on = (eventTimeUs: number) => gate.apply(maskedRecord({}, { matches: [first, matchId], eventTimeUs }));
    expect(on(at(5) - 1).record.matches).to.deep.equal([]);
    const late = on(at(5));
    expect(late.record.matches).to.deep.equal([first]);
    expect(late.expired.map(({ rule, evidence }) => [rule.id, evidence['owner'], evidence['exception']])).to.deep.equal([
      ['auditveil.exception-expired', ['o'], ['one']],
    ]);
    expect(on(at(6)).expired).to.deep.equal([]);
    expect([...gate.hidden]).to.deep.equal([[first, 1]]);
  });

  it('says nothing of an expired exception that would have hidden nothing', () => {
    const { gate, matchId } = gateOf('one');
    expect(gate.apply(maskedRecord({}, { matches: [second, matchId], eventTimeUs: at(6) })).expired).to.deep.equal([]);
  });
});
