import { expect } from 'chai';
import { expandPlaceholders, literalExpression } from '../../../src/detection/sigma/placeholders.ts';
import { faultsOf, matches, ruleOf } from '../../support/rules.ts';

const lists = new Map([
  ['a', ['1', '2']],
  ['b', ['x', 'y']],
]);

describe('detection/sigma/placeholders', () => {
  it('puts each value of a list in the place of its name, and multiplies several out', () => {
    const table: readonly (readonly [string, readonly string[]])[] = [
      ['%a%', ['1', '2']],
      ['n-%a%-m', ['n-1-m', 'n-2-m']],
      ['%a%%b%', ['1x', '1y', '2x', '2y']],
      ['plain', ['plain']],
      ['100%', ['100%']],
      ['\\%a%', ['%a%']],
      ['\\%plain%a%', ['%plain1', '%plain2']],
    ];
    for (const [text, expected] of table) expect(expandPlaceholders(text, lists), text).to.deep.equal(expected);
  });

  it('refuses names without a list and products beyond all measure', () => {
    expect(() => expandPlaceholders('%c%', lists)).to.throw('not defined');
    const asked: string[] = [];
    const empty = (name: string): void => void asked.push(name);
    expect(expandPlaceholders('%c%', new Map([['c', []]]), { empty })).to.deep.equal([]);
    expect(asked).to.deep.equal(['c']);
    const long = new Map([['n', Array.from({ length: 200 }, (_, i) => String(i))]]);
    expect(() => expandPlaceholders('%n%%n%%n%', long)).to.throw('more than');
  });

  it('works in rules through a document of the same or another file: wildcards of a list count, in expressions they do not', () => {
    const document = 'placeholders: { admins: [root, "adm-*"], tools: ["a.b"] }\n';
    const rule = (member: string): string => `${ruleOf(`sel: { ${member} }\ncondition: sel`)}---\n${document}`;
    expect(matches(rule('user|expand: "%admins%"'), { user: 'ADM-7' })).to.equal(true);
    expect(matches(rule('user|expand: ["%admins%", eve]'), { user: 'eve' })).to.equal(true);
    expect(matches(rule('user|expand: "%admins%"'), { user: 'mallory' })).to.equal(false);
    expect(matches(rule('user|contains|expand: "x%admins%"'), { user: 'axrootb' })).to.equal(true);
    expect(matches(rule('user|expand|neq: "%admins%"'), { user: 'root' })).to.equal(false);
    expect(matches(rule('agent|re|expand: "^%tools%$"'), { agent: 'a.b' })).to.equal(true);
    expect(matches(rule('agent|re|expand: "^%tools%$"'), { agent: 'a-b' })).to.equal(false);
    expect(matches(rule('user: "%admins%"'), { user: '%admins%' })).to.equal(true);
    expect(matches(rule('"|expand": ["%admins%"]'), { other: 'the root of it' })).to.equal(true);
  });

  it('refuses a rule whose placeholder nobody defined, and says how to', () => {
    expect(faultsOf(ruleOf('sel: { user|expand: "%admins%" }\ncondition: sel')).join()).to.include(
      'placeholders: { admins: [value, value] }',
    );
  });

  it('writes a text so that an expression takes it as it is', () => {
    expect(literalExpression('a.b*(c)')).to.equal('a\\.b\\*\\(c\\)');
  });
});
