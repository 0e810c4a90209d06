import { expect } from 'chai';
import { collectPlaceholders } from '../../../src/detection/sigma/placeholder-document.ts';
import { faultsOf, ruleOf } from '../../support/rules.ts';

const rule = ruleOf('sel: { verb: get }\ncondition: sel');

describe('detection/sigma/placeholder-document', () => {
  it('collects the lists of all files', () => {
    const files = [
      { file: 'a.yml', text: 'placeholders: { one: [a, 2] }\n' },
      { file: 'b.yml', text: `${rule}---\nplaceholders: { two: b }\n` },
    ];
    expect([...collectPlaceholders(files)]).to.deep.equal([
      ['one', ['a', '2']],
      ['two', ['b']],
    ]);
  });

  it('refuses a name that is given twice, whichever file it stands in', () => {
    const files = ['a.yml', 'b.yml'].map((file) => ({ file, text: 'placeholders: { one: [a] }\n' }));
    expect(() => collectPlaceholders(files)).to.throw(/b\.yml:1:1: the placeholder "one" is defined twice/);
  });

  it('refuses what is no map of lists, and whatever stands beside it', () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['placeholders: [a]\n', 'a map of lists'],
      ['placeholders: { a: [] }\n', 'a list of texts'],
      ['placeholders: { a: [{ b: 1 }] }\n', 'a list of texts'],
      ['placeholders: { "a b": [c] }\n', 'cannot be the name'],
      ['placeholders: { a: [c] }\ntitle: x\n', 'a document of their own'],
    ];
    for (const [text, part] of wrong) expect(faultsOf(`${rule}---\n${text}`).join(), text).to.include(part);
  });
});
