import { expect } from 'chai';
import fc from 'fast-check';
import { BodyFramer } from '../../../src/sources/webhook/body-framer.ts';
import { eventsOf } from '../frames/framing.ts';
import { auditEvent, wrappers } from '../frames/wrapped-samples.ts';

const makeFramer = (): BodyFramer =>
  new BodyFramer({
    context: { cluster: 'c', source: 's', stream: '/' },
    nowUs: () => 1,
    request: 7,
    expectedBytes: undefined,
    pool: [],
  });

/** Texts and reasons of the events of a body that comes in parts of these sizes, in turn. */
function framed(body: string, sizes: readonly number[]): readonly string[] {
  const framer = makeFramer();
  const bytes = Buffer.from(body);
  const seen: string[] = [];
  const add = (tiles: Parameters<typeof eventsOf>[0]): void => {
    for (const event of eventsOf(tiles)) {
      expect([event.offset, event.item]).to.deep.equal([7, seen.length]);
      seen.push(event.reason === 'none' ? event.text : `${event.reason} ${event.text}`);
    }
  };
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    framer.push(bytes.subarray(at, at + size));
    add(framer.take());
    at += size;
  }
  add(framer.finish());
  return seen;
}

const list = (...items: readonly string[]): string => `{"kind":"EventList","metadata":{},"items":[${items.join(',')}]}`;

describe('sources/webhook/body-framer', () => {
  for (const name of Object.keys(wrappers([]))) {
    it(`takes the events out of: ${name}`, () => {
      const events = [auditEvent('a'), auditEvent('b', 'two')];
      expect(framed(wrappers(events)[name] ?? '', [1_000, 7])).to.deep.equal(events);
    });
  }

  const bodies = [
    list('{"a":1}', '{"b":[2]}'),
    `${list('{"a":1}')}\n${list()}${list('{"b":2}', '{"c":"]}"}')} `,
    '{"kind":"Event","a":1}',
    '{"auditID":"1"}\n{"auditID":"2"}\n',
    `  ${list('{"a":1}').slice(0, -4)}`,
    list('{"a":1}').slice(0, 30),
    '{"kind":"EventList',
    '[\n{"a":1},\n{"b":2}]',
    'no JSON',
    '\u0000',
  ];

  it('finds the same events whatever the parts are', () => {
    const body = fc.array(fc.constantFrom(...bodies), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(body, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), (text, sizes) => {
        expect(framed(text, sizes)).to.deep.equal(framed(text, [text.length + 1]));
      }),
    );
  });

  it('goes on with the next list where one ends', () => {
    expect(framed(bodies[1] ?? '', [10_000])).to.deep.equal(['{"a":1}', '{"b":2}', '{"c":"]}"}']);
  });

  it('puts many short lists into few tiles', () => {
    const framer = makeFramer();
    framer.push(Buffer.from(list('{"a":1}').repeat(2_000)));
    const tiles = framer.finish();
    expect([tiles.length, eventsOf(tiles).length]).to.deep.equal([1, 2_000]);
  });

  it('gives what was whole before it refused the rest', () => {
    for (const [body, whole] of [
      [list('{"a":1}', '{"b":2}').slice(0, -4), '{"a":1}'],
      ['{"auditID":"1"}\n{"aud', '{"auditID":"1"}'],
    ] as const) {
      const framer = makeFramer();
      framer.push(Buffer.from(body));
      const events = eventsOf(framer.refuse('torn')).map(({ reason, text, item }) => [reason, text, item]);
      expect(events).to.deep.equal([
        ['none', whole, 0],
        ['torn', '', 1],
      ]);
    }
  });

  it('finds nothing in an empty body and in white space', () => {
    expect([framed('', [1]), framed(' \n\t ', [1])]).to.deep.equal([[], []]);
  });
});
