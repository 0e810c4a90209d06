import { expect } from 'chai';
import { spareMembers } from '../../../src/scan/reference/spare-members.ts';
import { TextDocument } from '../../../src/scan/reference/text-document.ts';

const rule = 5;

/** The strings of a text that are spared, by their contents. */
function spared(text: string, except: string[][], anywhere: boolean): string[] {
  const bytes = Buffer.from(text);
  const document = new TextDocument();
  document.reset(undefined, 'root', bytes, 0, bytes.length);
  const conditions = { local: [], absent: [], event: [], eventAbsent: [] };
  spareMembers(document, 0, bytes.length, { rule, conditions, except, anywhere });
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (document.isSpared(at, rule)) found.push(text.slice(at, text.indexOf('"', at)));
  }
  return found;
}

describe('scan/reference/spare-members', () => {
  const text =
    '{"name" : "a","list":["b",{"name":"c"}],"n\\u0061me":"d","in":{"name":"e","x":["f\\",\\"name"]},"last":{"of":"g"}}';

  it('spares members of the object, and of those in it where it is told to', () => {
    expect(spared(text, [['name']], false)).to.deep.equal(['a', 'd']);
    expect(spared(text, [['name']], true)).to.deep.equal(['a', 'c', 'd', 'e']);
  });

  it('knows lists by the name that they have, and paths of several names', () => {
    expect(spared(text, [['list']], false)).to.deep.equal(['b']);
    expect(spared(text, [['last', 'of']], false)).to.deep.equal(['g']);
    expect(spared(text, [['in', '*']], false)).to.deep.equal(['e', 'f\\']);
    expect(spared(text, [], true)).to.deep.equal([]);
  });
});
