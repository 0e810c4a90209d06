import { expect } from 'chai';
import fc from 'fast-check';
import {
  compactText,
  indentedText,
  itemsOf,
  memberOf,
  nodeAt,
  parseJsonNode,
  textOfNode,
} from '../../../src/detection/falco/json-node.ts';

describe('detection/falco/json-node', () => {
  it('writes any JSON value back as JSON.stringify does, compact and indented', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const node = parseJsonNode(JSON.stringify(value, undefined, 1));
        expect(node && compactText(node)).to.equal(JSON.stringify(value));
        expect(node && indentedText(node)).to.equal(JSON.stringify(value, undefined, 2));
      }),
    );
  });

  it('keeps the spelling of numbers, the order of members and repeated names', () => {
    const text = '{"b":1e2,"1":9007199254740993,"b":-0.0}';
    const node = parseJsonNode(text);
    expect(node && compactText(node)).to.equal(text);
    expect(textOfNode(memberOf(node, 'b'))).to.equal('1e2');
  });

  it('decodes escapes, so that a spelling hides nothing', () => {
    expect(textOfNode(parseJsonNode('"pass\\u0077ord"'))).to.equal('password');
    expect(textOfNode(parseJsonNode('{"k":"\\u003c\\/a"}'))).to.equal('{"k":"</a"}');
  });

  it('walks members, ends at lists and gives nothing for null', () => {
    const node = parseJsonNode('{"a":{"b":[{"c":1}],"n":null}}');
    expect(textOfNode(nodeAt(node, ['a', 'b']))).to.equal('[{"c":1}]');
    expect(nodeAt(node, ['a', 'b', 'c'])).to.equal(undefined);
    expect(textOfNode(nodeAt(node, ['a', 'n']))).to.equal(undefined);
    expect(itemsOf(nodeAt(node, ['a', 'b'])).length).to.equal(1);
    expect(itemsOf(nodeAt(node, ['a']))).to.deep.equal([]);
  });

  it('gives nothing for text that is no JSON', () => {
    for (const text of ['', '{', '[1', '{"a"}', '{a:1}', '"open', '"\\q"', '[1 2]'])
      expect(parseJsonNode(text), text).to.equal(undefined);
  });
});
