import { expect } from 'chai';
import { type Finding, type Origin, unknownEvent } from '../../src/core/finding.ts';
import type { CorrelationInput } from '../../src/detection/rule-set.ts';
import type { CorrelatorOptions } from '../../src/state/correlation-state.ts';
import type { Correlator, CorrelatorSnapshot } from '../../src/state/correlator.ts';
import { correlatorOf, matchAt, second } from '../support/correlation.ts';

const section = 'type: x-origin, rules: [a, b], group-by: [x], timespan: 1h, condition: { field: y }';
/** Whose event it is, is told by its digest. */
const view: CorrelatorOptions<CorrelationInput>['view'] = ({ digest }) => ({
  cluster: 'c',
  event: { ...unknownEvent, user: digest },
  group: {},
});
const correlator = (bounds = {}, snapshot?: CorrelatorSnapshot) => correlatorOf(section, { view, ...bounds }, snapshot);
const change = (at: number, group: string, who: string) => matchAt(at, { group, digest: who });
const made = (at: number, group: string, owner: string) => matchAt(at, { group, value: owner });
const userOf = (of: Correlator<CorrelationInput>, record: CorrelationInput): Origin['user'] => of.originOf(record)?.user;

function fed(...records: readonly CorrelationInput[]): Correlator<CorrelationInput> {
  const all = correlator();
  for (const record of records) all.push(record);
  return all;
}

describe('state/origin-state', () => {
  it('follows owners to whoever changed one of them, before and after the event was pushed', () => {
    const pod = made(3, 'pod', 'set');
    const all = fed(change(1, 'deployment', 'alice'), made(2, 'set', 'deployment'));
    expect(all.originOf(pod)).to.deep.equal({ ...unknownEvent, user: 'alice', time: '1970-01-01T00:00:01.000000Z' });
    all.push(pod);
    expect(userOf(all, pod)).to.equal('alice');
    expect(userOf(all, made(3, 'other', 'nobody'))).to.equal(undefined);
  });

  it('takes the last change before the event, wherever on the way it was', () => {
    const all = fed(
      change(1, 'deployment', 'alice'),
      made(2, 'set', 'deployment'),
      change(5, 'set', 'bob'),
      change(20, 'deployment', 'carol'),
    );
    expect(userOf(all, made(6, 'pod', 'set'))).to.equal('bob');
    expect(userOf(all, made(20, 'pod', 'set'))).to.equal('carol');
    expect(userOf(all, made(10, 'pod', 'deployment'))).to.equal(undefined);
  });

  it('keeps the later of two changes that come in the wrong order', () => {
    expect(userOf(fed(change(5, 'deployment', 'bob'), change(4, 'deployment', 'alice')), made(6, 'pod', 'deployment'))).to.equal(
      'bob',
    );
  });

  it('forgets after the time span, and when there are too many', () => {
    const all = fed(change(0, 'deployment', 'alice'));
    expect(userOf(all, made(3600, 'pod', 'deployment'))).to.equal('alice');
    expect(userOf(all, made(3601, 'pod', 'deployment'))).to.equal(undefined);
    all.advance(3601 * second);
    expect(all.stats().groups).to.equal(0);
    const few = correlator({ maxGroups: 2 });
    for (const group of ['a', 'b', 'c']) few.push(change(1, group, group));
    expect(['a', 'b', 'c'].map((group) => userOf(few, made(2, 'pod', group)))).to.deep.equal([undefined, 'b', 'c']);
    expect(few.stats()).to.include({ groups: 2, evictedGroups: 1 });
  });

  it('does not go round in circles', () => {
    const all = fed(made(1, 'x', 'y'), made(1, 'y', 'x'));
    expect(userOf(all, made(2, 'x', 'y'))).to.equal(undefined);
  });

  it('goes on after a restart', () => {
    const all = fed(change(1, 'deployment', 'alice'), made(2, 'set', 'deployment'));
    const copy = JSON.parse(JSON.stringify(all.snapshot())) as CorrelatorSnapshot;
    expect(userOf(correlator({}, copy), made(3, 'pod', 'set'))).to.equal('alice');
  });

  it('makes no findings, and reads nothing of what a controller made', () => {
    const viewed: string[] = [];
    const counting: typeof view = (record, loaded) => {
      viewed.push(record.digest);
      return view(record, loaded);
    };
    const all = correlator({ view: counting });
    const found: Finding[] = [change(1, 'd', 'alice'), made(2, 'p', 'd')].flatMap((record) => all.push(record));
    expect([...found, ...all.advance(1e15), ...all.close()]).to.deep.equal([]);
    expect(viewed).to.deep.equal(['alice']);
  });

  it('is refused with one rule, without an owner, and as a part of another correlation', () => {
    const refused = (text: string) => () => correlatorOf(text);
    expect(refused(section.replace('[a, b]', '[a]'))).to.throw(/takes two rules/);
    expect(refused(section.replace(', condition: { field: y }', ''))).to.throw(/needs a condition/);
    expect(refused(section.replace('{ field: y }', '{ gte: 2 }'))).to.throw(/takes no "gte"/);
  });
});
