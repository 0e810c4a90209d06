import { expect } from 'chai';
import { faultsOf, matches, selectionOf } from '../../support/rules.ts';

/** [selection, value of the field `f.x`, expected]; undefined = the field is absent. */
const table: readonly (readonly [string, unknown, boolean])[] = [
  ['f.x|contains: kube', 'my-KUBE-x', true],
  ['f.x|contains|cased: kube', 'my-KUBE-x', false],
  ['f.x|startswith: system', 'system:node', true],
  ['f.x|endswith: [".pem", ".key"]', 'a.key', true],
  ['f.x|contains|all: [a, b]', 'xbxa', true],
  ['f.x|contains|all: [a, b]', 'xb', false],
  ['f.x|all: [a, b]', ['b', 'c', 'a'], true],
  ['f.x|all: [a, b]', ['b', 'c'], false],
  ['f.x: [a, b]', ['c', 'b'], true],
  ['f.x|exists: true', undefined, false],
  ['f.x|exists: true', null, false],
  ['f.x|exists: true', '', true],
  ['f.x|exists: true', { y: 1 }, true],
  ['f.x|exists: false', undefined, true],
  ['f.x|neq: a', 'b', true],
  ['f.x|neq: a', 'A', false],
  ['f.x|neq: a', undefined, false],
  ['f.x|neq: [a, b]', ['c', 'b'], false],
  ['f.x: null', undefined, true],
  ['f.x: null', 'a', false],
  ["f.x: ''", '', true],
  ["f.x: ''", undefined, false],
  ["f.x: '*'", 'a', true],
  ["f.x: '*'", '', false],
  ["f.x: '*'", undefined, false],
  ['f.x|re: ^ab+$', 'abbb', true],
  ['f.x|re: ^ab+$', 'ABBB', false],
  ['f.x|re|i: ^ab+$', 'ABBB', true],
  ['f.x|re: b+', 'xabbbx', true],
  ['f.x|re|s: a.b', 'a\nb', true],
  ['f.x|re: a.b', 'a\nb', false],
  ['f.x|re|m: ^b$', 'a\nb', true],
  ['f.x|cidr: 192.0.2.0/24', '192.0.2.77', true],
  ['f.x|cidr: [192.0.2.0/24, 2001:db8::/32]', ['198.51.100.1', '2001:db8::9'], true],
  ['f.x|cidr: 192.0.2.0/24', '192.0.3.1', false],
  ['f.x|gte: 400', 403, true],
  ['f.x|lt: 400', '399', true],
  ['f.x|lt: 400', 400, false],
  ['f.x: 403', '403', true],
  ["f.x: '403'", 403, true],
  ['f.x: true', true, true],
  ['f.x|base64: secret', 'c2VjcmV0', true],
  ['f.x|base64offset|contains: foobar', 'eGZvb2Jhcg==', true],
  ['f.x|wide|base64offset|contains: ab', Buffer.from('xxab', 'utf16le').toString('base64'), true],
  ['f.x|windash|contains: " -enc "', 'tool /enc x', true],
  ['f.x|contains: "\\""', 'say "hi"', true],
];

describe('detection/sigma/modifiers', () => {
  for (const [selection, value, expected] of table) {
    it(`${selection} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(value) ?? 'nothing'}`, () => {
      expect(matches(selectionOf(selection), value === undefined ? { f: {} } : { f: { x: value } })).to.equal(expected);
    });
  }

  it('refuses what it does not know or support, and what contradicts itself', () => {
    const refused: readonly (readonly [string, string])[] = [
      ['f|startwith: x', 'Did you mean `startswith`?'],
      ['f|expand: "%x%"', 'not supported'],
      ['f|fieldref: g', 'not supported'],
      ['f|hour: 3', 'not supported'],
      ['f|contains|startswith: x', 'exclude each other'],
      ['f|i: x', 'only after "re"'],
      ['f|wide: x', 'only before base64'],
      ['f|cidr: 300.1.1.1/8', 'not a network'],
      ['f|gte: many', 'not a number'],
      ['f|exists: perhaps', 'true or false'],
      ['f|base64: "a*"', 'wildcards'],
      ['f: [a, null]', 'null'],
      ['f: []', 'empty list'],
      ['f: { g: 1 }', 'dots'],
      ['"f[0]": x', 'positions'],
      ['f|re: "(?=x)"', 'look-around'],
    ];
    for (const [selection, part] of refused) {
      const faults = faultsOf(selectionOf(selection));
      expect(faults, selection).to.have.length(1);
      expect(faults[0], selection)
        .to.match(/^5:\d+ E_/)
        .and.to.include(part);
    }
  });
});
