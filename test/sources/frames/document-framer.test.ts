import { expect } from 'chai';
import fc from 'fast-check';
import { DocumentFramer } from '../../../src/sources/frames/document-framer.ts';
import { frame, framing } from './framing.ts';

describe('sources/frames/document-framer', () => {
  const events = [
    { kind: 'Event', n: 1, s: 'a"]}{[\\' },
    { kind: 'Event', n: 2, s: '\u{1f600}' },
  ];

  it('keeps a document as its bytes stand, and cuts several', () => {
    const text = `${JSON.stringify(events[0], undefined, 2)}\n\n${JSON.stringify(events[1], undefined, '\t')}\n`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const seen = frame(new DocumentFramer(framing('split')), Buffer.from(text), sizes);
        expect(seen.map((e) => e.text)).to.deep.equal([
          JSON.stringify(events[0], undefined, 2),
          JSON.stringify(events[1], undefined, '\t'),
        ]);
      }),
    );
  });

  it('splits a list at its items, or keeps it whole', () => {
    const text = `\uFEFF${JSON.stringify({ kind: 'EventList', items: events }, undefined, 2)}\n`;
    expect(
      frame(new DocumentFramer(framing('split')), Buffer.from(text)).map((e) => JSON.parse(e.text) as unknown),
    ).to.deep.equal(events);
    expect(frame(new DocumentFramer(framing('whole')), Buffer.from(text)).map((e) => e.text)).to.deep.equal([text.slice(1, -1)]);
  });

  it('makes a stub of what is no event: of an item where lists are split, of the whole document where they are not', () => {
    const bytes = Buffer.from('[\n{"a":1},\n[{"a":2}]\n]');
    const reasons = (lists: 'split' | 'whole') => frame(new DocumentFramer(framing(lists)), bytes).map((e) => e.reason);
    expect(reasons('split')).to.deep.equal(['none', 'not-an-object']);
    expect(reasons('whole')).to.deep.equal(['not-an-object']);
  });

  it('marks a document that does not end as torn', () => {
    expect(frame(new DocumentFramer(framing('split')), Buffer.from('{\n"a":[')).map((e) => e.reason)).to.deep.equal(['torn']);
  });

  it('streams a document over the limit item by item, with the same content and marked as derived', () => {
    const many = Array.from({ length: 500 }, (_, n) => ({
      n,
      text: 'x'.repeat(50),
      deep: { list: [1, { a: [] }, 'b', null, true], o: {} },
    }));
    for (const document of [many, { kind: 'EventList', metadata: { a: [1] }, items: many }]) {
      const text = JSON.stringify(document, undefined, 2);
      const seen = frame(new DocumentFramer(framing('split'), 5_000), Buffer.from(text), [3_000]);
      expect(seen.map((e) => JSON.parse(e.text) as unknown)).to.deep.equal(many);
      expect(seen.every((e) => e.derived && e.reason === 'none')).to.equal(true);
      expect(seen.map((e) => e.item)).to.deep.equal(many.map((_, n) => n));
    }
  });
});
