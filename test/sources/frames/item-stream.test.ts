import { expect } from 'chai';
import fc from 'fast-check';
import { ItemStream } from '../../../src/sources/frames/item-stream.ts';

function stream(text: Uint8Array, size: number): { text: string; reason: string }[] {
  const items = new ItemStream();
  const seen = [];
  for (let at = 0; at < text.length; at += size) seen.push(...items.feed(text.subarray(at, at + size)));
  seen.push(...items.end());
  return seen.map((i) => ({ text: Buffer.from(i.bytes).toString(), reason: i.reason }));
}

describe('sources/frames/item-stream', () => {
  it('puts every element together again, whatever the chunks are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (values, size, wrapped) => {
          const text = Buffer.from(
            JSON.stringify(wrapped ? { kind: 'List', x: { items: [1] }, items: values } : values, undefined, 1),
          );
          const seen = stream(text, size);
          expect(seen.map((i) => i.text)).to.deep.equal(values.map((v) => JSON.stringify(v)));
          const reasons = values.map((value) => (Array.isArray(value) ? 'not-an-object' : 'none'));
          expect(seen.map((i) => i.reason)).to.deep.equal(reasons);
        },
      ),
    );
  });

  it('keeps number spellings, repeated keys and key order', () => {
    expect(stream(Buffer.from('[ {"b":1.50e+3, "a":-0, "b":[12345678901234567890]} ]'), 7)).to.deep.equal([
      { text: '{"b":1.50e+3,"a":-0,"b":[12345678901234567890]}', reason: 'none' },
    ]);
  });

  it('says so in one last item where the text is not JSON, not UTF-8, or ends too early', () => {
    expect(stream(Buffer.from('[{"a":1},{"b":x},{"c":3}]'), 100).map((i) => i.reason)).to.include('not-json');
    expect(stream(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), 100).map((i) => i.reason)).to.deep.equal(['not-utf8']);
    expect(stream(Buffer.from('[{"a":1},{"b"'), 100).map((i) => i.reason)).to.deep.equal(['none', 'torn']);
  });
});
