import { expect } from 'chai';
import { checkLists, collectPlaceholders } from '../../../src/detection/sigma/placeholder-document.ts';
import { faultsOf, load, matches, ruleOf } from '../../support/rules.ts';

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
      ['placeholders: { a: [{ b: 1 }] }\n', 'a list of texts'],
      ['placeholders: { "a b": [c] }\n', 'cannot be the name'],
      ['placeholders: { a: [c] }\ntitle: x\n', 'a document of their own'],
    ];
    for (const [text, part] of wrong) expect(faultsOf(`${rule}---\n${text}`).join(), text).to.include(part);
  });

  describe('lists that wait to be filled', () => {
    const declared = 'placeholders: { known: [] }\nexamples: { known: [a, b] }\n';
    const own = { file: 'own.yml', text: 'placeholders: { known: [c] }\n' };

    it('are filled by another file, in any order, and by their examples where these run', () => {
      const file = { file: 'a.yml', text: declared };
      for (const files of [
        [file, own],
        [own, file],
        [file, file, own],
      ])
        expect([...collectPlaceholders(files)]).to.deep.equal([['known', ['c']]]);
      expect([...collectPlaceholders([file])]).to.deep.equal([['known', []]]);
      expect([...collectPlaceholders([file, own], true)]).to.deep.equal([['known', ['a', 'b']]]);
      expect([...collectPlaceholders([{ file: 'a.yml', text: 'placeholders:\n  known:\n' }])]).to.deep.equal([['known', []]]);
    });

    it('make the rules that ask for them silent, also where these ask for what is not listed', () => {
      const negated = 'sel: { verb: get }\nfilter: { user|expand: "%known%" }\ncondition: sel and not filter';
      const event = { verb: 'get', user: 'x' };
      expect(matches(`${ruleOf(negated)}---\n${declared}`, event)).to.equal(false);
      expect(matches(`${ruleOf(negated)}---\n${declared}---\n${own.text}`, event)).to.equal(true);
      expect(matches(`${ruleOf(negated)}---\n${declared}---\n${own.text}`, { verb: 'get', user: 'c' })).to.equal(false);
      const [waiting] = load(`${ruleOf(negated)}---\n${declared}`).rules;
      expect(waiting?.rule.waitsFor).to.deep.equal(['known']);
    });

    it('leave a filter without effect', () => {
      const filter = `title: F\nlogsource: { product: kubernetes, service: audit }\nfilter:\n  rules: any\n  sel: { user|expand: "%known%" }\n  condition: not sel\n`;
      const text = `${rule}---\n${filter}---\n${declared}`;
      expect(matches(text, { verb: 'get', user: 'c' })).to.equal(true);
      expect(matches(`${text}---\n${own.text}`, { verb: 'get', user: 'c' })).to.equal(false);
    });

    it('are refused where a file of lists holds something else or a list nobody asks for', () => {
      const rules = [{ file: 'a.yml', text: `${rule}---\n${declared}` }];
      expect(() => checkLists([own], rules)).not.to.throw();
      expect(() => checkLists([{ file: 'l.yml', text: rule }], rules)).to.throw(
        /l\.yml:1:1: a file of lists holds nothing but lists/,
      );
      expect(() => checkLists([{ file: 'l.yml', text: 'placeholders: { knwon: [c] }\n' }], rules)).to.throw(
        /l\.yml:1:1: no rule asks for the list "knwon"[\s\S]*`known`/,
      );
      expect(() => checkLists([{ file: 'l.yml', text: 'placeholders: { known: [c\n' }], rules)).to.throw(/l\.yml:/);
    });
  });
});
