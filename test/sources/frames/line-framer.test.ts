import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../../src/core/limits.ts';
import { LineFramer } from '../../../src/sources/frames/line-framer.ts';
import { eventsOf, frame, framing } from './framing.ts';

const chunkSizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 });
const line = fc.oneof(
  fc.constant(''),
  fc.constant('  '),
  fc.json().map((text) => text.replaceAll('\n', ' ')),
  fc.string({ unit: 'grapheme' }).map((s) => s.replace(/[\r\n]/g, ' ')),
);

describe('sources/frames/line-framer', () => {
  it('gives the same lines whatever the chunks are, and accounts for every byte up to the last event', () => {
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean(), chunkSizes, (lines, lineEnd, finalEnd, sizes) => {
        const text = lines.join(lineEnd) + (finalEnd ? lineEnd : '');
        const bytes = Buffer.from(text);
        const events = frame(new LineFramer(framing('whole')), bytes, sizes);
        const wanted = text
          .split('\n')
          .map((l) => l.replace(/\r$/, '').replace(/^\uFEFF/, ''))
          .filter((l) => l.replace(/[ \t\r]/g, '') !== '');
        expect(events.map((e) => e.text)).to.deep.equal(wanted);
        for (const event of events)
          expect(bytes.subarray(event.offset, event.offset + Buffer.byteLength(event.text)).toString()).to.equal(event.text);
        let end = 0;
        for (const event of events) {
          end += event.covers;
          expect(end).to.be.at.least(event.offset + Buffer.byteLength(event.text));
        }
        expect(bytes.subarray(end).toString().trim()).to.equal('');
      }),
    );
  });

  it('gives the same tiles whatever it was told to expect, and holds little memory where that is little', () => {
    const lines = (count: number, bytes: number) => Buffer.from(`{"a":"${'x'.repeat(bytes)}"}\n`.repeat(count));
    for (const bytes of [lines(3, 10), lines(50, 5_000), lines(3, 900_000), lines(1_500, 1_000)])
      for (const expectedBytes of [0, 100, bytes.length, 10 * bytes.length]) {
        const given = { ...framing('whole'), expectedBytes };
        expect(frame(new LineFramer(given), bytes)).to.deep.equal(frame(new LineFramer(framing('whole')), bytes));
      }
    const framer = new LineFramer({ ...framing('whole'), expectedBytes: 50 });
    framer.space().set(lines(3, 10));
    framer.filled(lines(3, 10).length);
    expect(framer.take()[0]?.bytes.buffer.byteLength).to.be.lessThan(100_000);
  });

  it('skips a byte order mark at the beginning of the stream and nowhere else', () => {
    const bytes = Buffer.from('\uFEFF{"a":1}\n\uFEFF{"a":2}\n');
    expect(frame(new LineFramer(framing('whole')), bytes).map((e) => e.text)).to.deep.equal(['{"a":1}', '\uFEFF{"a":2}']);
  });

  it('marks a last line whose brackets do not close as torn, and takes a whole one without a newline', () => {
    expect(frame(new LineFramer(framing('split')), Buffer.from('{"a":1}\n{"a":"b')).map((e) => e.reason)).to.deep.equal([
      'none',
      'torn',
    ]);
    expect(frame(new LineFramer(framing('split')), Buffer.from('{"a":1}\n{"a":"b"}')).map((e) => e.reason)).to.deep.equal([
      'none',
      'none',
    ]);
  });

  it('turns a line over the limit into one event with its beginning and its true size, and goes on after it', () => {
    const long = `{"auditID":"x","pad":"${'y'.repeat(300_000)}"}`;
    const bytes = Buffer.from(`{"a":1}\n${long}\n{"a":2}\n${long}`);
    for (const size of [7_001, 64 * 1024, 200_000]) {
      const events = frame(new LineFramer(framing('split'), 100_000), bytes, [size]);
      expect(
        events.map((e) => e.reason),
        `chunks of ${size}`,
      ).to.deep.equal(['none', 'too-big', 'none', 'too-big']);
      expect(events[1]?.text).to.equal(long.slice(0, 64 * 1024));
      expect(events.map((e) => e.covers)).to.deep.equal([8, long.length + 1, 8, long.length]);
      expect(events.map((e) => e.offset)).to.deep.equal([0, 8, 8 + long.length + 1, 8 + long.length + 9]);
    }
  });

  it('makes a stub of what is no event: of an element where lists are split, of the whole line where they are not', () => {
    const bytes = Buffer.from('[{"a":1},[{"a":2}]]\n[{"a":3},{"a":4}]\n');
    const reasons = (lists: 'split' | 'whole') =>
      frame(new LineFramer(framing(lists)), bytes).map((e) => `${e.text} ${e.reason}`);
    expect(reasons('split')).to.deep.equal(['{"a":1} none', '[{"a":2}] not-an-object', '{"a":3} none', '{"a":4} none']);
    expect(reasons('whole')).to.deep.equal(['[{"a":1},[{"a":2}]] not-an-object', '[{"a":3},{"a":4}] none']);
  });

  it('holds a line longer than a tile in a tile of its own', () => {
    const long = `{"pad":"${'y'.repeat(3 * limits.tileBytes)}"}`;
    const events = frame(new LineFramer(framing('split')), Buffer.from(`{"a":1}\n${long}\n{"a":2}\n`), [500_000]);
    expect(events.map((e) => e.text.length)).to.deep.equal([7, long.length, 7]);
  });

  it('cuts tiles of at most the bounded number of events, with padding after the last byte', () => {
    const framer = new LineFramer(framing('split'));
    const bytes = Buffer.from('{}\n'.repeat(limits.tileEvents + 10));
    framer.space().set(bytes);
    framer.filled(bytes.length);
    const tiles = framer.take();
    expect(tiles.map((t) => t.count)).to.deep.equal([limits.tileEvents, 10]);
    const last = tiles[1];
    expect((last?.bytes.length ?? 0) - (last?.ends[9] ?? 0)).to.be.at.least(limits.tilePaddingBytes);
  });

  it('does not write over a tile that was not given back', () => {
    const framer = new LineFramer(framing('split'));
    const first = Buffer.from('{"a":1}\n');
    framer.space().set(first);
    framer.filled(first.length);
    const tiles = framer.take();
    for (let i = 0; i < 5; i++) {
      const next = Buffer.from('{"b":2}\n');
      framer.space().set(next);
      framer.filled(next.length);
      framer.take();
    }
    expect(eventsOf(tiles).map((e) => e.text)).to.deep.equal(['{"a":1}']);
  });

  it('splits an EventList into its items and leaves their bytes alone', () => {
    const item = '{"level":"Request", "n":1.0e5 ,"s":"]},{\\"\\\\"}';
    const list = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${item}, ${item},${item}]}`;
    const bytes = Buffer.from(`${list}\n${item}\n`);
    const events = frame(new LineFramer(framing('split')), bytes, [11]);
    expect(events.map((e) => e.text)).to.deep.equal([item, item, item, item]);
    expect(events.map((e) => e.item)).to.deep.equal([0, 1, 2, 0]);
    expect(events.map((e) => e.offset)).to.deep.equal([0, 0, 0, list.length + 1]);
    expect(events.reduce((sum, e) => sum + e.covers, 0)).to.equal(bytes.length);
  });

  it('keeps an EventList as one event where lines stay whole', () => {
    const list = '{"kind":"EventList","items":[{"level":"None"},{}]}';
    expect(frame(new LineFramer(framing('whole')), Buffer.from(`${list}\n`)).map((e) => e.text)).to.deep.equal([list]);
  });

  it('takes events out of AKS records, where the log is a string as well as where it is an object', () => {
    const inner = '{"kind":"Event","user":{"username":"a\\"b"}}';
    const record = (log: string) => `{"category":"kube-audit","properties":{"pod":"p","log":${log}}}`;
    const text = `{"records":[${record(JSON.stringify(`${inner}\n`))},${record(inner)}]}\n${inner}\n${record(JSON.stringify(inner))}\n`;
    const events = frame(new LineFramer(framing('split')), Buffer.from(text));
    expect(events.map((e) => e.text)).to.deep.equal([inner, inner, inner, inner]);
    expect(events.map((e) => e.derived)).to.deep.equal([true, true, false, true]);
    expect(events.reduce((sum, e) => sum + e.covers, 0)).to.equal(text.length);
  });
});
