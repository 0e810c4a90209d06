import { expect } from 'chai';
import { enginePattern, patternEngine } from '../../../src/scan/pattern.ts';
import {
  classSize,
  foldClass,
  invertClass,
  perlClass,
  posixClass,
  rangeClass,
  unionClass,
} from '../../../src/scan/regex/byte-class.ts';

const members = (one: Uint8Array): string =>
  Buffer.from([...one.keys()].filter((byte) => one[byte] === 1 && byte < 128)).toString();

describe('scan/regex/byte-class', () => {
  it('combines sets of bytes', () => {
    const vowels = unionClass(rangeClass(97, 97), rangeClass(101, 101));
    expect(members(vowels)).to.equal('ae');
    expect(members(foldClass(vowels))).to.equal('AEae');
    expect(classSize(invertClass(vowels))).to.equal(254);
  });

  it('knows no class of another letter or name', () => {
    expect(perlClass('q')).to.equal(undefined);
    expect(posixClass('vowel')).to.equal(undefined);
  });

  const perl = ['d', 'D', 'w', 'W', 's', 'S'].map((letter) => [`\\${letter}`, perlClass(letter)] as const);
  const posix = [
    'alpha',
    'digit',
    'alnum',
    'upper',
    'lower',
    'space',
    'xdigit',
    'word',
    'punct',
    'print',
    'graph',
    'blank',
    'cntrl',
  ].map((name) => [`[[:${name}:]]`, posixClass(name)] as const);
  for (const [expression, own] of [...perl, ...posix]) {
    it(`has the ASCII characters in ${expression} that ${patternEngine} has`, () => {
      const engine = enginePattern(expression);
      for (let byte = 0; byte < 128; byte++) expect(own?.[byte] === 1, `byte ${byte}`).to.equal(engine.test(Uint8Array.of(byte)));
    });
  }
});
