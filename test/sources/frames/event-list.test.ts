import { expect } from 'chai';
import fc from 'fast-check';
import { itemReason, shapeOf, wholeReason } from '../../../src/sources/frames/event-list.ts';

const shape = (text: string) => shapeOf(Buffer.from(text), 0, Buffer.byteLength(text), () => undefined);
const texts = (text: string): string[] => {
  const found = shape(text);
  const bytes = Buffer.from(text);
  const result: string[] = [];
  if (found.type === 'list')
    for (let i = 0; i < found.spans.length; i += 2) result.push(bytes.subarray(found.spans[i], found.spans[i + 1]).toString());
  return result;
};

describe('sources/frames/event-list', () => {
  it('finds the items of any list of objects, as their bytes stand', () => {
    const object = fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((value) => JSON.stringify(value, undefined, fc.sample(fc.integer({ min: 0, max: 2 }), 1)[0]));
    fc.assert(
      fc.property(fc.array(object), fc.constantFrom(' ', '', '\n '), (items, space) => {
        const list = `{"kind":"EventList",${space}"items":${space}[${items.join(`${space},`)}]${space}}`;
        expect(texts(list)).to.deep.equal(items);
        expect(shape(list).type).to.equal('list');
      }),
    );
  });

  it('recognises a list whose kind comes last or is missing, and an array', () => {
    expect(texts('{"items":[{"a":1}],"kind":"EventList"}')).to.deep.equal(['{"a":1}']);
    expect(texts('{"items":[{"a":1}]}')).to.deep.equal(['{"a":1}']);
    expect(texts('[{"a":1},{"b":2}]')).to.deep.equal(['{"a":1}', '{"b":2}']);
  });

  it('takes an EventList without items for no events', () => {
    expect(shape('{"kind":"EventList","items":[]}')).to.deep.equal({ type: 'list', spans: [] });
    expect(shape(' [ ]')).to.deep.equal({ type: 'list', spans: [] });
  });

  it('finds elements that are no events too: nothing in a list hides the events beside it', () => {
    expect(texts('{"kind":"EventList","items":[1,{"auditID":"a"},[{"auditID":"b"}]]}')).to.deep.equal([
      '1',
      '{"auditID":"a"}',
      '[{"auditID":"b"}]',
    ]);
    expect(texts('[1,"{}"]')).to.deep.equal(['1', '"{}"']);
  });

  it('calls an array among the items no object, and a whole text whose list holds anything but objects', () => {
    const reason = (judge: typeof itemReason, text: string) => judge(Buffer.from(text), 0, Buffer.byteLength(text));
    expect(reason(itemReason, ' [{}]')).to.equal('not-an-object');
    expect(reason(itemReason, '{}')).to.equal('none');
    for (const text of ['[1]', '[[]]', '[{},null]', '{"items":["x"]}'])
      expect(reason(wholeReason, text), text).to.equal('not-an-object');
    for (const text of ['[]', '[{}, {}]', '{"a":[1]}', '{"kind":"Event","items":[1]}', '[1'])
      expect(reason(wholeReason, text), text).to.equal('none');
  });

  it('leaves an event that has a member named items alone', () => {
    for (const text of [
      '{"kind":"Event","items":[{}]}',
      '{"level":"None","items":[{}]}',
      '{"items":[{}],"kind":"Event"}',
      '{"items":[{}],"auditID":"a"}',
    ]) {
      expect(shape(text).type, text).to.equal('event');
    }
  });

  it('leaves what is not one whole list to the scanner', () => {
    for (const text of [
      '{"items":[{}]',
      '{"items":[{}]}x',
      '{"items":[{},]',
      '[{}] [{}]',
      '[',
      '{',
      '{"items":[{}}]',
      '{"a"}',
      '"x"',
    ]) {
      expect(shape(text).type, text).to.equal('event');
    }
  });

  it('opens records one level deep, so that nested ones cost nothing', () => {
    const deep = `${'{"records":['.repeat(50_000)}{}${']}'.repeat(50_000)}`;
    expect(shape(deep).type).to.equal('list');
    expect(texts(deep)).to.have.length(1);
  });

  it('never reads past the end or throws on text cut anywhere', () => {
    const text = '{"records":[{"properties":{"log":"{\\"kind\\":\\"Event\\"}"}},{"a":[1,{"b":"c"}]}],"x":null}';
    for (let end = 0; end < text.length; end++) {
      const bytes = Buffer.from(text);
      expect(shapeOf(bytes, 0, end, () => undefined).type, `cut at ${end}`).to.equal('event');
    }
    expect(shape(text).type).to.equal('wrapped');
  });
});
