import { expect } from 'chai';
import fc from 'fast-check';
import { ListFramer } from '../../../src/sources/frames/list-framer.ts';
import { listOpening } from '../../../src/sources/frames/list-opening.ts';
import { eventsOf, type SeenEvent } from './framing.ts';

const context = { cluster: 'c', source: 's', stream: '/' };

/** Frames `{"items":[` + text in chunks of one size, with small tiles so that every border is met. */
function cut(text: string, chunk: number, tileBytes = 128): SeenEvent[] {
  const bytes = Buffer.from(text);
  const framer = new ListFramer({ context, nowUs: () => 1, document: 7, firstItem: 0, tileBytes });
  const events: SeenEvent[] = [];
  for (let at = 0; at < bytes.length && !framer.ended; at += chunk) {
    framer.push(bytes.subarray(at, at + chunk));
    const tiles = framer.take();
    events.push(...eventsOf(tiles));
    for (const tile of tiles) framer.recycle(tile);
  }
  events.push(...eventsOf(framer.finish()));
  return events;
}

describe('sources/frames/list-framer', () => {
  it('cuts the items of any list as they are, in chunks of any size', () => {
    const items = fc.array(
      fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 300 }), fc.constantFrom(',', ' ,\n '), (values, chunk, separator) => {
        expect(cut(`${values.join(separator)}],"kind":"EventList"}`, chunk).map((event) => event.text)).to.deep.equal(values);
      }),
    );
  });

  it('makes one refused item of everything after a list went wrong', () => {
    for (const rest of [' {"b":2}]}', ',]}', ',,{"b":2}]}', ']} x', '],"items":[{"b":2}]}', ']', '}', ''])
      for (const chunk of [1, 3, 100]) {
        const events = cut(`{"a":1}${rest}`, chunk);
        expect(events[0]?.text, rest).to.equal('{"a":1}');
        if (rest === ']} x') expect(events.length).to.equal(1);
        else
          expect(
            events.slice(1).map((event) => ['torn', 'not-json'].includes(event.reason)),
            rest,
          ).to.deep.equal([true]);
      }
  });

  it('tells where the next document begins', () => {
    const framer = new ListFramer({ context, nowUs: () => 1, document: 1, firstItem: 0, tileBytes: 1024 });
    expect(framer.push(Buffer.from('{"a":1}]} {"items":'))).to.equal(9);
    expect(framer.ended).to.equal(true);
  });

  it('knows a list by its first members, and an event that only looks like one', () => {
    const opening = (text: string) => listOpening(Buffer.from(text), text.length);
    expect(opening('{"kind":"EventList","metadata":{"a":[1]},"items":[')).to.equal(50);
    expect(opening('{"kind":"EventList","meta')).to.equal('undecided');
    expect(opening('{"kind":"Event","items":[')).to.equal('other');
    expect(opening('{"auditID":"1","items":[')).to.equal('other');
    expect(opening('[{}]')).to.equal('other');
  });
});
