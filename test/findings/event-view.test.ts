import { expect } from 'chai';
import { eventView, lastValueOf, valuesOf } from '../../src/findings/event-view.ts';
import { maskedRecord } from '../support/masked-record.ts';

const view = (event: unknown, index?: number) => eventView(maskedRecord(event).payload, index);
const field = (...path: readonly string[]) => ({ name: path.join('.'), paths: [path] });

describe('findings/event-view', () => {
  it('reads the head of an event', () => {
    const event = {
      auditID: 'id',
      stage: 'ResponseComplete',
      verb: 'create',
      user: { username: '[MASKED:user:k1:0011223344556677]' },
      objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-0' },
      sourceIPs: ['192.0.2.1', '192.0.2.2'],
      userAgent: 'kubectl',
      responseStatus: { code: 101 },
    };
    expect(view(event, 7).event).to.deep.equal({
      auditID: 'id',
      stage: 'ResponseComplete',
      index: 7,
      user: '[MASKED:user:k1:0011223344556677]',
      verb: 'create',
      resource: 'pods/exec',
      namespace: 'shop',
      name: 'web-0',
      sourceIPs: ['192.0.2.1', '192.0.2.2'],
      userAgent: 'kubectl',
      code: 101,
    });
  });

  it('works with events that lack nearly everything, and with what is no event', () => {
    for (const event of [{}, { user: null, objectRef: 'x', sourceIPs: 'y', responseStatus: [] }, [], 'not json {', 3]) {
      const { event: head } = view(event);
      expect(head).to.include({ auditID: undefined, user: undefined, code: undefined });
      expect(head.sourceIPs).to.deep.equal([]);
      expect(head).not.to.have.property('index');
    }
  });

  it('collects values through arrays, each once, bounded in number', () => {
    const event = { a: [{ b: 'x' }, { b: ['y', 'x'] }, { b: { c: 'z' } }] };
    expect(valuesOf(view(event), field('a', 'b'))).to.deep.equal(['x', 'y']);
    expect(valuesOf(view(event), field('a', 'b', '*'))).to.deep.equal(['z']);
    expect(valuesOf(view({ a: Array.from({ length: 99 }, (_, i) => i) }), field('a'))).to.have.length(8);
    expect(valuesOf(view({}), field('constructor', 'name'))).to.deep.equal([]);
  });

  it('cuts long texts and never leaves half a mask', () => {
    const mask = '[MASKED:user:k1:0011223344556677]';
    const [cut = ''] = valuesOf(view({ a: `${'x'.repeat(240)}${mask}${'y'.repeat(400)}` }), field('a'));
    expect(cut).to.equal(`${'x'.repeat(240)}…`);
    const [whole = ''] = valuesOf(view({ a: `${mask}${'y'.repeat(400)}` }), field('a'));
    expect(whole.length).to.equal(257);
    expect(whole).to.include(mask);
  });

  it('takes the last value of a list', () => {
    expect(lastValueOf(view({ sourceIPs: ['203.0.113.1', '192.0.2.1'] }), field('sourceIPs'))).to.equal('192.0.2.1');
    expect(lastValueOf(view({}), field('sourceIPs'))).to.equal(undefined);
  });
});
