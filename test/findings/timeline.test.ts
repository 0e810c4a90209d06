import { expect } from 'chai';
import { type Finding, unknownEvent } from '../../src/core/finding.ts';
import { stagesSeen, Timeline } from '../../src/findings/timeline.ts';

const minute = 60_000;
const start = Date.UTC(2026, 4, 4, 9);
const asked = (id: string, more: Partial<Finding['event']> = {}): Finding['event'] => ({
  ...unknownEvent,
  auditID: id,
  verb: 'get',
  resource: 'secrets',
  name: id,
  sourceIPs: ['192.0.2.1'],
  userAgent: 'kubectl/v1',
  code: 200,
  ...more,
});
const finding = (name: string, ...tags: string[]): Finding => ({
  id: name,
  revision: 1,
  rule: { id: name, name, severity: 'low', author: undefined, licence: undefined, tags, covers: [] },
  time: '2026-05-04T09:00:00Z',
  cluster: '',
  event: unknownEvent,
  evidence: {},
});

describe('findings/timeline', () => {
  it('puts actions in order of time, and the stages of one request into one', () => {
    const timeline = new Timeline();
    timeline.add(asked('b', { verb: 'list' }), start + minute, []);
    timeline.add(asked('a', { code: undefined }), start, []);
    timeline.add(asked('a', { code: 403 }), start + 5, [finding('x')]);
    const actions = timeline.actions();
    expect(actions.map(({ event, timeMs }) => [event.auditID, event.code, timeMs])).to.deep.equal([
      ['a', 403, start],
      ['b', 200, start + minute],
    ]);
    expect(actions[0]?.marks.map(({ name }) => name)).to.deep.equal(['x']);
  });

  it('does not let a client hide requests behind one audit ID', () => {
    const timeline = new Timeline();
    const received = { code: undefined, stage: 'RequestReceived' };
    const complete = { stage: 'ResponseComplete' };
    timeline.add(asked('a', { ...received, name: 'x' }), start, []);
    timeline.add(asked('a', { ...complete, name: 'x' }), start + 1, []);
    timeline.add(asked('a', { ...received, name: 'y', verb: 'delete' }), start + 2, []);
    timeline.add(asked('a', { ...complete, name: 'y', verb: 'delete' }), start + 3, []);
    timeline.add(asked('a', { ...complete, name: 'z', verb: 'patch' }), start + 4, []);
    expect(timeline.actions().map(({ event, names, timeMs }) => [event.verb, names, timeMs])).to.deep.equal([
      ['get', ['x'], start],
      ['delete', ['y'], start + 2],
      ['patch', ['z'], start + 4],
    ]);
  });

  it('makes one line of requests that differ only in the object, and ends it where a finding, an answer or a client differs', () => {
    const timeline = new Timeline();
    for (const [i, id] of ['a', 'b', 'c', 'd', 'd'].entries()) timeline.add(asked(`${id}${i}`, { name: id }), start + i, []);
    timeline.add(asked('e'), start + 10, [finding('x')]);
    timeline.add(asked('f', { code: 403 }), start + 11, []);
    timeline.add(asked('g', { code: 403, userAgent: 'curl/8' }), start + 12, []);
    timeline.add(asked('h', { code: 403, userAgent: 'curl/8', sourceIPs: ['192.0.2.9'] }), start + 13, []);
    const actions = timeline.actions();
    expect(actions.map(({ count }) => count)).to.deep.equal([5, 1, 1, 1, 1]);
    expect(actions[0]).to.deep.include({ names: ['a', 'b', 'c'], nameCount: 4, lastMs: start + 4 });
    expect(actions.map(({ newAgent }) => newAgent)).to.deep.equal([false, false, false, true, false]);
    expect(actions.map(({ newPlace }) => newPlace)).to.deep.equal([false, false, false, false, true]);
  });

  it('says which stages of an attack were reached, in the order they were', () => {
    const timeline = new Timeline();
    timeline.add(asked('a'), start, [finding('x', 'attack.discovery', 'attack.t1613')]);
    timeline.add(asked('b', { verb: 'list' }), start + minute, [
      finding('y', 'attack.credential-access'),
      finding('z', 'attack.discovery'),
    ]);
    expect(
      stagesSeen(timeline.actions()).map(({ tactic, firstMs, lastMs, findings }) => [tactic.tag, firstMs, lastMs, findings]),
    ).to.deep.equal([
      ['discovery', start, start + minute, 2],
      ['credential-access', start + minute, start + minute, 1],
    ]);
  });

  it('keeps a bounded number of actions and counts the others', () => {
    const timeline = new Timeline();
    for (let i = 0; i < 50_003; i++) timeline.add(asked(String(i)), start + i, []);
    expect(timeline.leftOut).to.equal(3);
    expect(timeline.actions()).to.have.length(1);
  });
});
