import { expect } from 'chai';
import fc from 'fast-check';
import { ServerEvents } from '../../../src/cli/tail/sse.ts';

const stream =
  ': hello\n\nevent: finding\nid: 1-2\ndata: {"a":\ndata: "世"}\n\nid: 1-3\n\ndata:x\r\n\r\nevent: status\ndata\nother: y\n\nevent: lost\n\n';

describe('cli/tail/sse', () => {
  it('reads events, in whatever pieces they come', () => {
    const bytes = Buffer.from(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const events = new ServerEvents();
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const found = places.flatMap((place, i) => events.push(bytes.subarray(place, places[i + 1] ?? place)));
        expect(found).to.deep.equal([
          { name: 'finding', data: '{"a":\n"世"}' },
          { name: 'message', data: 'x' },
          { name: 'status', data: '' },
        ]);
        expect(events.lastId).to.equal('1-3');
      }),
    );
  });

  it('remembers the id only once its event is whole', () => {
    const events = new ServerEvents();
    events.push(Buffer.from('id: 7\ndata: x\n'));
    expect(events.lastId).to.equal(undefined);
    events.push(Buffer.from('\n'));
    expect(events.lastId).to.equal('7');
  });

  it('holds no event without an end', () => {
    const events = new ServerEvents();
    const push = (): void => {
      for (let i = 0; i < 20; i++) events.push(Buffer.alloc(1024 * 1024, 120));
    };
    expect(push).to.throw('without an end');
  });
});
