import { expect } from 'chai';
import fc from 'fast-check';
import { readCutJson } from '../../../src/scan/reference/cut-json.ts';
import { TextParts } from '../../../src/scan/reference/text-parts.ts';

function read(text: string): unknown {
  const bytes = Buffer.from(text);
  const parts = new TextParts(bytes.length);
  if (!readCutJson(bytes, 0, bytes.length, parts)) return undefined;
  return JSON.parse(Buffer.from(parts.bytes.subarray(0, parts.end)).toString());
}

describe('scan/reference/cut-json', () => {
  it('closes what is open', () => {
    expect(read('{"kind":"A","a":[1,{"b":"c')).to.deep.equal([null, { kind: 'A', a: [1, { b: 'c' }] }]);
    expect(read('{"a":')).to.deep.equal([null, { a: null }]);
    expect(read('{"a":1,"b')).to.deep.equal([null, { a: 1, b: null }]);
  });

  it('takes an object with data and no kind for a Secret', () => {
    expect(read('{"data":{"a":"b')).to.deep.equal([null, { data: { a: 'b' }, kind: 'Secret' }]);
    expect(read('{"kind":"ConfigMap","data":{"a":"b')).to.deep.equal([null, { kind: 'ConfigMap', data: { a: 'b' } }]);
  });

  it('reads several documents, and a comma too many', () => {
    expect(read('{"a":1,}\n{"b":[2,]}')).to.deep.equal([null, { a: 1 }, { b: [2] }]);
  });

  it('takes what follows a fault as data of the object around', () => {
    expect(read('{"kind":"Secret","x":1 oops "y":2}')).to.deep.equal([null, { kind: 'Secret', x: 1, data: 'oops "y":2}' }]);
  });

  it('reads any JSON cut anywhere, and all of it where it is not cut', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        expect(read(text)).to.deep.equal([null, JSON.parse(text)]);
        const bytes = Buffer.from(text);
        const part = bytes.subarray(0, cut % bytes.length);
        const parts = new TextParts(part.length);
        if (readCutJson(part, 0, part.length, parts)) JSON.parse(Buffer.from(parts.bytes.subarray(0, parts.end)).toString());
      }),
      { numRuns: 200 },
    );
  });
});
